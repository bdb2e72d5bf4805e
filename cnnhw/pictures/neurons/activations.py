"""Activation functions side by side, each with one point worked out."""

from collections.abc import Callable, Mapping

import numpy as np

from cnnhw.pictures import palette
from cnnhw.pictures.marks.arithmetic import short
from cnnhw.pictures.picture import Picture, draw
from cnnhw.shape import Tensor


def activations(functions: Mapping[str, Callable[[np.ndarray], np.ndarray]], at: float = -2.0) -> Picture:
    """Draw each function from -4 to 4, and mark its value at one point.

    functions  name -> function of an array of sums, of the same shape
    at         the sum that is marked, -4 to 4
    returns    Picture whose caption gives every function's value at that sum

    >>> activations({"relu": lambda x: np.maximum(x, 0), "half": lambda x: x / 2}, at=-3).caption
    'At a sum of -3: relu gives 0, half gives -1.5.'
    """
    sums = np.linspace(-4, 4, 161)
    marked = {name: float(function(np.array([at]))[0]) for name, function in functions.items()}
    values = ", ".join(f"{name} gives {short(value)}" for name, value in marked.items())
    caption = f"At a sum of {short(at)}: {values}."
    ends = "; ".join(
        f"{name} runs from {short(function(sums)[0])} to {short(function(sums)[-1])}"
        for name, function in functions.items()
    )
    words = f"Activation functions for sums from -4 to 4: {ends}. {caption}"
    ink = palette.TENSOR[Tensor.OFMAP].line

    def artist(figure):
        panels = figure.subplots(1, len(functions), squeeze=False)[0]
        for axes, (name, function) in zip(panels, functions.items(), strict=True):
            axes.axhline(0, color=palette.GRID, linewidth=0.8)
            axes.axvline(0, color=palette.GRID, linewidth=0.8)
            axes.plot(sums, np.round(function(sums), 6), color=palette.TEXT, linewidth=1.8)
            dot = {"marker": "o", "markerfacecolor": palette.HIGHLIGHT, "markeredgecolor": ink}
            axes.plot([at], [round(marked[name], 6)], markersize=8, **dot)
            axes.set_title(name, fontsize=11)
            axes.set_xlabel("sum")
        panels[0].set_ylabel("ofmap word")

    return draw(artist, words, caption, width=2.6 * len(functions) + 0.3, height=2.4)
