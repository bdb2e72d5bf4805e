"""Lay the PEs that a nest takes over the rows and columns that a machine has."""

from collections.abc import Iterator
from itertools import product

from cnnhw.machine import Machine
from cnnhw.nest import Loop, Nest, at_once


def arrange(nest: Nest, machine: Machine) -> Nest:
    """Give the same nest with its PEs placed differently, if only so it fits the array.

    nest     any Nest
    machine  whose rows and cols it should fit
    returns  Nest; the one given if it fits as it is, or if nothing helps. First each loop over PEs may
             change between ROWS and COLS; then loops too wide for the columns are folded, their parts
             standing on top of each other. What moves is the same: words reach a PE wherever it stands
    source   folding: Chen et al., JSSC 52(1), 2017, where a 5 x 27 set stands as 5 x 14 on top of 5 x 13

    >>> from cnnhw import LayerShape
    >>> nest = Nest(LayerShape(M=6, C=2, H=1, R=1), [("M", 1, "ROWS"), ("C", 1, "COLS")])
    >>> turned, folded = arrange(nest, Machine(2, 6)), arrange(nest, Machine(6, 2))
    >>> (nest.rows, nest.cols), (turned.rows, turned.cols), folded is nest
    ((6, 2), (2, 6), True)
    >>> wide = Nest(LayerShape(M=27, C=1, H=1, R=1), [("M", 1, "COLS")])
    >>> folded = arrange(wide, Machine(12, 14))
    >>> folded.rows, folded.cols
    (2, 14)
    """
    placed = [nest, *_turned(nest)]
    folded = [_folded(other, machine) for other in placed]
    return next((other for other in [*placed, *folded] if _fits(other, machine)), nest)


def _turned(nest: Nest) -> Iterator[Nest]:
    """Give the nest with every choice of ROWS or COLS for its loops over PEs."""
    spatial = [number for number, loop in enumerate(nest.loops) if at_once(loop.where)]
    for axes in product(("ROWS", "COLS"), repeat=len(spatial)):
        loops = list(nest.loops)
        for number, axis in zip(spatial, axes, strict=True):
            loops[number] = Loop(loops[number].dim, loops[number].step, axis)
        yield Nest(nest.shape, loops, nest.keeps)


def _folded(nest: Nest, machine: Machine) -> Nest:
    """Give the nest with each loop on COLS cut, so that it makes no more chunks than there are columns.

    The cuts are the outermost loops of the array: a part stands whole on top of the next.
    """
    if machine.cols is None:
        return nest
    wide = [loop for loop in nest.at("COLS") if nest.sizes[loop.dim] > loop.step * machine.cols]
    folds = [Loop(loop.dim, loop.step * machine.cols, "ROWS") for loop in wide]
    before, array = nest.outside("RF"), nest.at("ROWS", "COLS")
    return Nest(nest.shape, [*before, *folds, *array, *nest.at("RF")], nest.keeps)


def _fits(nest: Nest, machine: Machine) -> bool:
    there = (machine.rows, machine.cols)
    return all(
        most is None or taken <= most for taken, most in zip((nest.rows, nest.cols), there, strict=True)
    )
