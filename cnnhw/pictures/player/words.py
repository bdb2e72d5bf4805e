"""One cycle of a trace as a sentence: what a reader hears who cannot see the array."""

from collections.abc import Callable
from itertools import groupby

from cnnhw.pictures.convolution.grid import number
from cnnhw.pictures.player.cycle import PE, Cycle, Delivery, Exit, Fill, Hop, Mac

MOST = 2  # things of one kind that are told one by one; chosen so that a sentence can be followed


def cycle_words(cycle: Cycle) -> str:
    """Tell what happens in a cycle, in the order in which it happens.

    cycle    a Cycle
    returns  a sentence

    >>> from cnnhw.pictures.player.cycle import Word
    >>> word = Word("psum", (0, 0, 1, 2), 120)
    >>> cycle_words(Cycle(7, exits=[Exit(word, (2, 0), "GLB")]))
    'cycle 7: psum[0, 0, 1, 2] = 120 goes from PE (2, 0) to the GLB.'
    >>> print(cycle_words(Cycle(7, hops=[Hop(word, (0, 0), (1, 0))])))
    cycle 7: psum[0, 0, 1, 2] = 120 hops from PE (0, 0) to PE (1, 0).
    """
    parts = [
        *_told(cycle.fills, _fill, _fills),
        *_told(cycle.deliveries, _delivery, _deliveries),
        *_told(cycle.macs, _mac, _macs),
        *_told(_chains(cycle.hops), _chain, _chains_together),
        *_told(cycle.exits, _exit, _exits),
        *_told(cycle.writes, _write, _writes),
    ]
    return f"cycle {cycle.number}: " + ("; ".join(parts) or "nothing happens") + "."


def pe_list(pes: list[PE], of: str = "") -> str:
    """Write a list of PEs, or of instances of a level, the first ones by name.

    >>> pe_list([(0, 1)]), pe_list([(0, 1), (1, 0)])
    ('PE (0, 1)', 'PEs (0, 1) and (1, 0)')
    >>> pe_list([(0, 0), (0, 1), (0, 2), (0, 3)])
    'PEs (0, 0), (0, 1) and 2 more'
    """
    if len(pes) == 1:
        return f"{of or 'PE'} {pes[0]}"
    named = [str(pe) for pe in pes[:MOST]]
    last = f"{len(pes) - MOST} more" if len(pes) > MOST else named.pop()
    return f"{of or 'PEs'} {', '.join(named)} and {last}"


def _told(things: list, one: Callable, many: Callable) -> list[str]:
    """Tell a few things one by one, and more of them together."""
    return [one(thing) for thing in things] if len(things) <= MOST else many(things)


def _fill(fill: Fill) -> str:
    return f"{fill.word} comes from {_place(fill.source)} into {_place(fill.level, fill.at)}"


def _fills(fills: list[Fill]) -> list[str]:
    told = []
    for (tensor, source, level), group in groupby(
        fills, key=lambda fill: (fill.word.tensor, fill.source, fill.level)
    ):
        group = list(group)
        together = [f"{len(group)} {tensor} words come from {_place(source)} into {_place(level)}"]
        told += map(_fill, group) if len(group) <= MOST else together
    return told


def _delivery(delivery: Delivery) -> str:
    return f"{delivery.word} goes from {_place(delivery.level)} to {pe_list(delivery.pes, delivery.to)}"


def _deliveries(deliveries: list[Delivery]) -> list[str]:
    told = []
    for (tensor, level, to), group in groupby(
        deliveries, key=lambda delivery: (delivery.word.tensor, delivery.level, delivery.to)
    ):
        group = list(group)
        if len(group) <= MOST:
            told += map(_delivery, group)
            continue
        pes = sorted({pe for delivery in group for pe in delivery.pes})
        told.append(f"{len(group)} {tensor} words go from {_place(level)} to {pe_list(pes, to)}")
    return told


def _mac(mac: Mac) -> str:
    return f"PE {mac.pe} multiplies {mac.ifmap or 'a padding zero'} with {mac.filter} and has {mac.psum}"


def _macs(macs: list[Mac]) -> list[str]:
    return [_mac(macs[0]), f"{len(macs) - 1} other PEs multiply too"]


def _chains(hops: list[Hop]) -> list[list[Hop]]:
    """Put the hops of one psum together that follow each other from PE to PE."""
    chains = []
    for hop in hops:
        before = chains[-1][-1] if chains else None
        if before and (before.word.name, before.pe) == (hop.word.name, hop.origin):
            chains[-1].append(hop)
        else:
            chains.append([hop])
    return chains


def _chain(hops: list[Hop]) -> str:
    """Tell a psum's way from PE to PE, and why it takes several hops at once if it does."""
    first, *others = hops
    who = first.of or "PE"
    told = f"{first.word} hops from {who} {first.origin} to {who} {first.pe}"
    for hop in others:
        told += f", is {number(hop.word.value)} with the piece added there, and hops to {who} {hop.pe}"
    why = f" ({len(hops)} hops in one cycle: each {who} on the way adds its piece; a cycle is one MAC a PE)"
    return told + (why if others else "")


def _chains_together(chains: list[list[Hop]]) -> list[str]:
    return [_chain(chains[0]), f"{len(chains) - 1} other psums hop" + " likewise" * (len(chains[0]) > 1)]


def _exit(leaving: Exit) -> str:
    to = _place(leaving.level, leaving.pe if leaving.inside else None)
    return f"{leaving.word} goes from {leaving.of or 'PE'} {leaving.pe} to {to}"


def _exits(exits: list[Exit]) -> list[str]:
    return [
        f"{len(list(group))} psums go from {of or 'PEs'} to {_place(level)}"
        for (of, level), group in groupby(exits, key=lambda leaving: (leaving.of, leaving.level))
    ]


def _write(fill: Fill) -> str:
    return f"{fill.word} goes from {_place(fill.source)} to {_place(fill.level)}"


def _writes(fills: list[Fill]) -> list[str]:
    return [
        f"{len(list(group))} psums go from {_place(source)} to {_place(level)}"
        for (source, level), group in groupby(fills, key=lambda fill: (fill.source, fill.level))
    ]


def _place(level: str, at: PE | None = None) -> str:
    """Name a level as a reader says it."""
    where = "" if at is None else f" of PE {at}"
    return f"{'' if level == 'DRAM' else 'the '}{level}{where}"
