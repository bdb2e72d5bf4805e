"""How the levels of the hierarchy are drawn: one hue, darker the farther a word is from the MAC."""

from dataclasses import dataclass

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
