"""Run-length coding: a stream of words, and under it the pairs that it becomes."""

from collections.abc import Sequence

from cnnhw.emulator import run_length_encode
from cnnhw.emulator.run_length import CODE_BITS, PAIRS
from cnnhw.errors import CourseError
from cnnhw.pictures import palette
from cnnhw.pictures.marks.board import Board, draw_board
from cnnhw.pictures.picture import Picture
from cnnhw.shape import Tensor

_MOST = 14  # words side by side that a page is wide enough for
_WORD_BITS = 16
_WIDE = 1.8  # cells that a word takes: a pair fits under it


def run_length(words: Sequence[int]) -> Picture:
    """Draw a stream of words and its run-length code.

    words    1 to 14 whole numbers
    returns  Picture; its caption compares the bits with and without the code
    raises   CourseError if there are too many words, or none

    >>> run_length([0, 0, 12, 0, 53])
    A stream of 5 words: 0 0 12 0 53. Its run-length code has 2 pairs: (2, 12) (1, 53).
    """
    words = [int(word) for word in words]
    if not 1 <= len(words) <= _MOST:
        raise CourseError(
            f"this picture shows 1 to {_MOST} words", f"{len(words)} words", "slice the stream to show fewer"
        )
    pairs = run_length_encode(words)
    stream, code = " ".join(map(str, words)), " ".join(map(str, pairs))
    text = f"A stream of {len(words)} words: {stream}. Its run-length code has {len(pairs)} pairs: {code}."
    plain, coded = _WORD_BITS * len(words), CODE_BITS * -(-len(pairs) // PAIRS)
    code_bits = f"{PAIRS} pairs go into {CODE_BITS} bits, so {coded} bits"
    caption = f"{len(words)} words * {_WORD_BITS} bits = {plain} bits; {code_bits}"
    return draw_board(lambda board: _draw(board, words, pairs), _WIDE * len(words) + 4, 5.2, text, caption)


def _draw(board: Board, words: list[int], pairs: list[tuple[int, int]]) -> None:
    board.write(0, 1.2, "stream", align="left")
    board.write(0, 3.4, "code", align="left")
    first = 3.0
    for zeros, level in pairs:
        wide = _WIDE * (zeros + 1)
        for number in range(zeros + 1):
            _word(board, first + _WIDE * number, 0 if number < zeros else level)
        left, middle, right = first + 0.15, first + wide / 2, first + wide - 0.15
        # A bracket under the words of the pair: boxes without height or width are lines.
        lines = [
            (left, 2.2, right - left, 0),
            (left, 2.0, 0, 0.2),
            (right, 2.0, 0, 0.2),
            (middle, 2.2, 0, 0.6),
        ]
        board.boxes(lines, line=palette.TEXT)
        board.write(middle, 3.4, f"({zeros}, {level})")
        board.write(middle, 4.3, "21 bits", size=9, color=palette.MUTED)
        first += wide


def _word(board: Board, x: float, word: int) -> None:
    fill = palette.TENSOR[Tensor.IFMAP].fill if word else palette.PAPER
    board.boxes([(x, 0.5, _WIDE, 1.4)], fill=fill, line=palette.MUTED)
    board.write(x + _WIDE / 2, 1.2, str(word), color=palette.TEXT if word else palette.MUTED)
