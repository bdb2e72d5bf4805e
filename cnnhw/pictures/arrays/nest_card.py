"""A nest on a machine, all on one card: loops, tiles, PEs, words moved, energy beside that of others."""

from collections.abc import Mapping

from cnnhw.counts import count
from cnnhw.energy import Energy, energy
from cnnhw.machine import Machine
from cnnhw.machine.hierarchy import USUAL
from cnnhw.nest import Nest
from cnnhw.pictures import palette
from cnnhw.pictures.arrays.nest import STORED, WIDTH, draw_nest, nest_height, nest_words
from cnnhw.pictures.energy.energy import LEVELS, ROW, TENSORS, energy_bars, energy_key, split
from cnnhw.pictures.marks.arithmetic import short
from cnnhw.pictures.marks.board import Board, draw_board
from cnnhw.pictures.picture import Picture
from cnnhw.shape import Tensor

PLACES = USUAL.names
_BARS = 13.6  # cells: where the bars begin


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
    counts = count(nest, machine)
    energies = {**(others or {}), "now": energy(counts, machine)}
    words, top = counts.accesses(), nest_height(nest) + 0.4

    def artist(board: Board) -> None:
        draw_nest(board, 0.0, nest, machine)
        _accesses(board, top, words)
        _energies(board, top, energies)

    height = top + 2 * (len(energies) * ROW + 1.9)
    return draw_board(artist, WIDTH, height, _in_words(nest, words, energies), caption)


def _in_words(nest: Nest, words: Mapping, energies: Mapping[str, Energy]) -> str:
    moved = ", ".join(f"{level} {tensor} {number:,}" for (level, tensor), number in words.items() if number)
    per_mac = ", ".join(f"{name} {short(spent.per_mac)}" for name, spent in energies.items())
    return f"{nest_words(nest)} Words moved: {moved}. Energy per MAC: {per_mac}."


def _accesses(board: Board, top: float, words: Mapping) -> None:
    """A table of accesses, levels down and tensors across."""
    board.write(0, top + 0.5, "accesses in words", align="left", weight="bold")
    for column, tensor in enumerate(STORED):
        ink = palette.TENSOR[Tensor(tensor)]
        x = 4.2 + 3.2 * column
        board.write(x, top + 1.4, str(tensor), align="right", color=ink.line)
        for row, level in enumerate(PLACES):
            board.write(x, top + 2.4 + row, f"{words[level, str(tensor)]:,}", align="right")
    for row, level in enumerate(PLACES):
        board.write(0, top + 2.4 + row, level, align="left")


def _energies(board: Board, top: float, energies: Mapping[str, Energy]) -> None:
    for number, parts in enumerate((LEVELS, TENSORS)):
        y = top + number * (len(energies) * ROW + 1.9)
        if not number:
            board.write(_BARS - 2.2, y + 0.5, "energy per MAC (one MAC = 1)", align="left", weight="bold")
        energy_key(board, (_BARS - 2.2, y + 1.0 - 0.3 * number), parts)
        rows = {name: split(spent, parts) for name, spent in energies.items()}
        energy_bars(board, (_BARS, y + 2.0 - 0.3 * number), rows, parts, WIDTH - _BARS - 2.0)
