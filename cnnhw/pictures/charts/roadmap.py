"""The road map of the course: its lessons in five parts, each with the question it answers."""

from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from cnnhw.pictures import palette
from cnnhw.pictures.picture import Picture, draw


@dataclass(frozen=True)
class Lesson:
    """One notebook: its number, its title, the question it answers, and whether it exists yet."""

    number: str
    title: str
    question: str
    ready: bool


PARTS = {
    "what is computed": (
        Lesson("01", "weighted sums", "what is one neuron?", True),
        Lesson("02", "deep CNNs", "where is the work?", True),
        Lesson("03", "the convolution", "which seven loops?", True),
    ),
    "with fewer multiplications": (
        Lesson("04", "a matrix product", "can BLAS do it?", True),
        Lesson("05", "Gauss, Strassen", "is 8 the least?", True),
        Lesson("06", "Winograd, FFT", "at what price?", True),
    ),
    "where the energy goes": (
        Lesson("07", "memory", "what does a word cost?", True),
        Lesson("08", "arrays of PEs", "what should stay put?", True),
    ),
    "one dataflow in depth": (
        Lesson("09", "row stationary", "what is in one PE?", True),
        Lesson("10", "fitting a layer", "does it fill the array?", True),
    ),
    "who wins": (
        Lesson("11", "dataflows compared", "which one wins?", True),
        Lesson("12", "the Eyeriss chip", "was the paper right?", True),
        Lesson("13", "your own", "can you do better?", False),
    ),
}

_WIDTH, _HEIGHT, _GAP = 2.05, 0.62, 0.15  # of a lesson's box and between boxes, in drawing units


def roadmap() -> Picture:
    """Draw the lessons of the course, part by part.

    returns  Picture; lessons that exist have a full outline, later ones a dashed one

    >>> "03 the convolution" in roadmap().words
    True
    """
    return draw(_draw, _words(), width=8.6, height=4.0)


def _draw(figure: Figure) -> None:
    axes = figure.subplots()
    axes.set_xlim(0, 8.6)
    axes.set_ylim(-len(PARTS) * (_HEIGHT + _GAP), 0.05)
    axes.axis("off")
    for row, (part, lessons) in enumerate(PARTS.items()):
        top = -row * (_HEIGHT + _GAP)
        axes.text(0, top - _HEIGHT / 2, f"{row + 1}  {part}", va="center", color=palette.MUTED)
        for column, lesson in enumerate(lessons):
            _draw_lesson(axes, 2.1 + column * (_WIDTH + _GAP), top, lesson)


def _draw_lesson(axes, left: float, top: float, lesson: Lesson) -> None:
    box = FancyBboxPatch(
        (left, top - _HEIGHT),
        _WIDTH,
        _HEIGHT,
        boxstyle="round,pad=0,rounding_size=0.08",
        facecolor="#EAF3FA" if lesson.ready else palette.PAPER,
        edgecolor=palette.TEXT if lesson.ready else palette.MUTED,
        linestyle="-" if lesson.ready else "--",
    )
    axes.add_patch(box)
    axes.text(left + 0.1, top - 0.2, f"{lesson.number}  {lesson.title}", va="center", weight="bold")
    axes.text(left + 0.1, top - 0.44, lesson.question, va="center", fontsize=9)


def _words() -> str:
    def one(lesson: Lesson) -> str:
        later = "" if lesson.ready else ", to come"
        return f"{lesson.number} {lesson.title} ({lesson.question}{later})"

    parts = (f"{part}: {', '.join(map(one, lessons))}" for part, lessons in PARTS.items())
    return "The road map. " + ". ".join(f"Part {i}, {part}" for i, part in enumerate(parts, 1)) + "."
