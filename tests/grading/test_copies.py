"""Answers that are alike: a copy under other names is found, the same idea in other words is not."""

import csv
import re

import pytest
from grading.conftest import HONEST, PLANE, ROWS, SHEET, notebook

from cnnhw.course.cli import main
from cnnhw_grading import copies

# The same function, thought of by other people.
OTHERS = {
    "einsum": """def convolve_plane(ifmap, filters, U):
    from numpy.lib.stride_tricks import sliding_window_view
    windows = sliding_window_view(ifmap, filters.shape)[::U, ::U]
    return np.einsum("efrs,rs->ef", windows, filters)""",
    "scatter": """def convolve_plane(ifmap, filters, U):
    R, S = filters.shape
    E = 1 + (len(ifmap) - R) // U
    F = 1 + (len(ifmap[0]) - S) // U
    total = 0
    for (r, s), weight in np.ndenumerate(filters):
        total = total + weight * ifmap[r : r + U * (E - 1) + 1 : U, s : s + U * (F - 1) + 1 : U]
    return total""",
    "lists": """def convolve_plane(ifmap, filters, U):
    rows = [ifmap[top : top + len(filters)] for top in range(0, len(ifmap) - len(filters) + 1, U)]
    width = len(filters[0])
    def one(strip, left):
        return sum(a * b for x, y in zip(strip, filters) for a, b in zip(x[left : left + width], y))
    places = range(0, ifmap.shape[1] - width + 1, U)
    return np.array([[one(strip, at) for at in places] for strip in rows])""",
}


def disguised(source: str) -> str:
    """A copy: other names, another layout, comments, numbers spelt in other ways."""
    source = re.sub(r"\b(ofmap|ifmap|filters|windows|rows|[EFRSHefrs])\b", r"my_\1", source)
    return source.replace("+ 1", "+  0x1").replace("\n", "  # mine\n") + "\n\n# thought of alone"


def found(answers, given=""):
    return {(pair.one, pair.other): pair.alike for pair in copies.pairs("s", "q", answers, given)}


@pytest.mark.parametrize("source", [PLANE, ROWS, *OTHERS.values()])
def test_a_copy_in_disguise_is_found(source):
    assert found({"ann": source, "bob": disguised(source), "cy": "pass"}) == {("ann", "bob"): 1.0}


def test_the_same_idea_in_other_words_is_none():
    assert found({"plane": PLANE, **OTHERS}) == {}


def test_what_the_sheet_gives_and_what_everybody_writes_says_nothing():
    assert found({"ann": PLANE, "bob": PLANE}, given=PLANE) == {}
    assert found({f"s{n}": PLANE for n in range(20)}) == {}
    assert len(found({f"s{n}": PLANE for n in range(3)})) == 3


def test_nobody_is_alike_by_nothing():
    short = {"a": "x = 1", "b": "x = 1", "c": "", "d": "", "e": "no python (", "f": "no python (", "g": "\0"}
    assert found(short) == {}


def test_the_order_of_a_class_changes_nothing():
    answers = {"ann": PLANE, "bob": disguised(PLANE), **OTHERS}
    assert copies.pairs("s", "q", answers) == copies.pairs("s", "q", dict(reversed(answers.items())))


def test_the_command_lists_pairs(tmp_path, capsys):
    classes = {"ann": notebook(*HONEST), "bob": notebook(*HONEST[:3], disguised(PLANE)), "cy": b"<<<"}
    for student, data in classes.items():
        path = tmp_path / "submitted" / student / SHEET / f"{SHEET}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
    assert main(["copies", "--folder", str(tmp_path), "03"]) == 0
    assert "2 pairs of answers of 2 students" in capsys.readouterr().out
    with (tmp_path / "copies.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["question"], row["one"], row["other"], row["alike"]) for row in csv.DictReader(file)]
    assert sorted(rows) == [(name, "ann", "bob", "1.0") for name in ("convolve_plane", "rows_never_read")]
    assert main(["copies", "--folder", str(tmp_path / "none")]) == 1
