"""One colour per tensor, everywhere; colour-blind safe (Okabe and Ito 2008), and never colour alone."""

from dataclasses import dataclass

from cnnhw.shape import Tensor


@dataclass(frozen=True)
class Ink:
    """How one tensor is drawn: a strong line, a pale fill that dark text reads on, a letter, a hatch."""

    line: str
    fill: str
    letter: str
    hatch: str


# Lines are from the Okabe-Ito palette; fills are the same hues mixed with white, chosen for teaching.
TENSOR = {
    Tensor.IFMAP: Ink(line="#0072B2", fill="#CCE3F0", letter="I", hatch=""),
    Tensor.FILTER: Ink(line="#D55E00", fill="#F9DCC4", letter="W", hatch="//"),
    Tensor.PSUM: Ink(line="#009E73", fill="#CCECE3", letter="P", hatch=".."),
    Tensor.OFMAP: Ink(line="#9C4F7E", fill="#F1DDE8", letter="O", hatch="\\\\"),
}

TEXT = "#1A1A1A"
MUTED = "#6B6B6B"
GRID = "#BFBFBF"
PAPER = "#FFFFFF"
HIGHLIGHT = "#F0E442"  # the element a caption talks about; always outlined too
