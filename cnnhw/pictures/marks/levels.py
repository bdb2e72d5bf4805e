"""How the levels of any hierarchy are drawn: one hue, darker the farther a word is from the MAC."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.colors import to_hex, to_rgb

from cnnhw.machine.hierarchy import MAC
from cnnhw.pictures import palette


@dataclass(frozen=True)
class LevelInk:
    """How one level is drawn: its ground, the text that reads on it, and a hatch, so never colour alone."""

    fill: str
    text: str
    hatch: str = ""
    line: str = "#322D57"


# Chosen for teaching: five steps of one violet, which no tensor has; every other one hatched.
LEVEL = {
    "DRAM": LevelInk("#4A4380", palette.PAPER),
    "GLB": LevelInk("#8F88C0", palette.TEXT, "\\\\\\"),  # not dots: those take 149 kB of SVG
    "NoC": LevelInk("#C3BEE0", palette.TEXT),
    "RF": LevelInk("#E4E1F2", palette.TEXT, "///"),
    "MAC": LevelInk(palette.PAPER, palette.TEXT),
}
ARRAY = LevelInk(palette.HIGHLIGHT, palette.TEXT)  # loops over the PEs: they happen at once


def level_inks(names: Sequence[str]) -> dict[str, LevelInk]:
    """Give each level and array of a machine its ink.

    names    from the outside in, MAC or not
    returns  name -> LevelInk: the course's for its own names; for others the same violet in as many steps

    >>> [ink.fill for ink in level_inks(("DRAM", "L2", "tiles", "MAC")).values()]
    ['#4a4380', '#9792b9', '#e4e1f2', '#FFFFFF']
    """
    if set(names) <= set(LEVEL):
        return {name: LEVEL[name] for name in names}
    inner = [name for name in names if name != MAC]
    found = {name: _step(number, len(inner)) for number, name in enumerate(inner)}
    return {name: found.get(name, LEVEL["MAC"]) for name in names}


def _step(number: int, of: int) -> LevelInk:
    share = number / max(1, of - 1)
    dark, pale = to_rgb(LEVEL["DRAM"].fill), to_rgb(LEVEL["RF"].fill)
    fill = tuple((1 - share) * a + share * b for a, b in zip(dark, pale, strict=True))
    hatch = ("", "\\\\\\", "", "///")[number % 4]
    text = palette.TEXT if share > 0.3 else palette.PAPER  # from there on dark text has the more contrast
    return LevelInk(to_hex(fill), text, hatch)
