"""A nest on a machine, all on one card: loops, tiles, PEs, words moved, energy beside that of others."""

from collections.abc import Mapping

from cnnhw.counts import count
from cnnhw.energy import Energy, energy
from cnnhw.machine import Machine
from cnnhw.nest import Nest
from cnnhw.pictures import palette
from cnnhw.pictures.arrays.nest import STORED, WIDTH, draw_nest, nest_height, nest_words
from cnnhw.pictures.energy.energy import ROW, TENSORS, energy_bars, energy_key, levels_of, more_lines, split
from cnnhw.pictures.marks.arithmetic import short
from cnnhw.pictures.marks.board import Board, draw_board
from cnnhw.pictures.picture import Picture
from cnnhw.shape import Tensor

_KEY, _BARS = 11.4, 13.6  # cells: where the key of the bars and they themselves begin


def nest_card(
    nest: Nest, machine: Machine, others: Mapping[str, Energy] | None = None, caption: str = ""
) -> Picture:
    """Draw a nest with what it moves, and its energy per MAC below those of other nests.

    nest     the mapping of a layer
    machine  what it runs on
    others   name -> Energy, for bars above that of this nest; such as {"start": energy(...)}
    caption  one visible line under the card
    returns  Picture whose words list loops, tiles, accesses and energies
    raises   CapacityError if the nest does not fit on the machine
    """
    nest = nest.on(machine)
    counts = count(nest, machine)
    energies = {**(others or {}), "now": energy(counts, machine)}
    words, top = counts.accesses(), nest_height(nest) + 0.4

    def artist(board: Board) -> None:
        draw_nest(board, 0.0, nest, machine)
        _accesses(board, top, words, nest.order.names)
        _energies(board, top, energies)

    bars = 2 * (len(energies) * ROW + 1.9) + more_lines(_KEY, levels_of(energies))
    height = top + max(bars, 2.4 + len(nest.order.names))
    return draw_board(artist, WIDTH, height, _in_words(nest, words, energies), caption)


def _in_words(nest: Nest, words: Mapping, energies: Mapping[str, Energy]) -> str:
    moved = ", ".join(f"{level} {tensor} {number:,}" for (level, tensor), number in words.items() if number)
    per_mac = ", ".join(f"{name} {short(spent.per_mac)}" for name, spent in energies.items())
    return f"{nest_words(nest)} Words moved: {moved}. Energy per MAC: {per_mac}."


def _accesses(board: Board, top: float, words: Mapping, places: tuple[str, ...]) -> None:
    """A table of accesses, levels down and tensors across."""
    board.write(0, top + 0.5, "accesses in words", align="left", weight="bold")
    for column, tensor in enumerate(STORED):
        ink = palette.TENSOR[Tensor(tensor)]
        x = 4.2 + 3.2 * column
        board.write(x, top + 1.4, str(tensor), align="right", color=ink.line)
        for row, level in enumerate(places):
            board.write(x, top + 2.4 + row, f"{words[level, str(tensor)]:,}", align="right")
    for row, level in enumerate(places):
        board.write(0, top + 2.4 + row, level, align="left")


def _energies(board: Board, y: float, energies: Mapping[str, Energy]) -> None:
    board.write(_KEY, y + 0.5, "energy per MAC (one MAC = 1)", align="left", weight="bold")
    y += 1.0
    for parts in (levels_of(energies), TENSORS):
        energy_key(board, (_KEY, y), parts)
        y += 1.0 + more_lines(_KEY, parts)
        rows = {name: split(spent, parts) for name, spent in energies.items()}
        energy_bars(board, (_BARS, y), rows, parts, WIDTH - _BARS - 2.0)
        y += len(energies) * ROW + 0.6
