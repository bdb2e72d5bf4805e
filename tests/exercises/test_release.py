"""The course that students get: it works, and holds no right answer and nothing hidden."""

import ast
import base64
import json
import os
import re
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import nbformat
import numpy as np
import pytest

from cnnhw.checks.cases import hidden_cases, visible_cases
from cnnhw.checks.exercise import Function
from cnnhw.course.cli import main
from cnnhw_grading import lessons
from cnnhw_grading.commands.grade import SEED
from cnnhw_grading.release import FOR_INSTRUCTORS, FOR_STUDENTS

ROOT = Path(__file__).parents[2]
_LONG = 25  # letters from which on a line of code is somebody's; chosen for this test
_MANY = 6  # words from which on an array is not there by chance; chosen for this test
_REGION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """A release in a folder with a space in its name, and its zip file beside it."""
    folder = tmp_path_factory.mktemp("release") / "the course"
    assert main(["release", str(folder), "--zip"]) == 0
    return folder


def test_it_is_the_course_without_what_grades(release):
    assert {path.name for path in release.iterdir()} == set(FOR_STUDENTS)
    ours = {path for name in FOR_STUDENTS for path in files_of_the_course(name)}
    assert {path.as_posix() for path in ours if not (release / path).exists()} == FOR_INSTRUCTORS
    packed = zipfile.ZipFile(release.with_suffix(".zip")).namelist()
    assert {"the course/course.py", "the course/exercises/03_convolution.ipynb"} <= {*packed}


def test_no_link_of_its_readme_leads_nowhere(release):
    text = (release / "README.md").read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (release / link).exists(), link
    for name in ("solutions", "lessons", "cnnhw_grading", "tests"):
        assert f"`{name}/`" not in text


def test_no_line_of_a_right_answer_is_in_it(release):
    """The library computes some of what is asked for, in its own lines; check and the exercises must not."""
    secret = lines_of_answers() - given_lines()
    assert len(secret) > 1_500
    places = [*(release / "cnnhw" / "checks").rglob("*.py"), *(release / "exercises").glob("*.ipynb")]
    assert len(places) > 30
    found = {path.name: long_lines(source(path)) & secret for path in places}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_nothing_imports_what_is_not_in_it(release):
    for path in release.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {name.partition(".")[0] for name in names} & {"lessons", "cnnhw_grading"}, path


def test_no_hidden_value_is_in_it(release):
    told = [path.read_bytes() for path in release.rglob("*") if path.suffix in (".py", ".ipynb", ".md")]
    told += [body for path in (release / "cnnhw" / "checks" / "data").iterdir() for body in bodies(path)]
    everything = b"\n".join(told)
    assert words_of(visible_array())[0] in everything  # the search would find what is there
    hidden = [array for exercise in functions() for array in hidden_arrays(exercise)]
    assert len(hidden) > 500
    assert not [array for array in hidden if any(words in everything for words in words_of(array))]


def test_check_gives_feedback_there_and_knows_no_answer(release):
    program = (
        "from cnnhw.checks import check, registry\n"
        "check('rows_never_read', lambda H, R, U, P: 0)\n"
        "print(len(registry.exercises()))\n"
        "import importlib.util\n"
        "print([importlib.util.find_spec(name) for name in ('lessons', 'cnnhw_grading')])\n"
    )
    said = run(release, program)
    assert "smallest input that fails: H=1, R=1, U=3, P=1" in said
    assert said.endswith(f"{len(lessons.exercises())}\n[None, None]\n")


def test_a_lesson_runs_there(release):
    options = ["-q", "--nbval", "--nbval-current-env", "-p", "no:cacheprovider", "--doctest-modules"]
    what = ["notebooks/00_start_here.ipynb", "cnnhw/checks"]
    said = run(release, f"import pytest; sys.exit(pytest.main({[*options, *what]!r}))")
    assert " passed" in said and "failed" not in said


def test_the_commands_of_instructors_say_that_they_are_not_there(release):
    done = subprocess.run(
        [sys.executable, str(release / "course.py"), "grade"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1 and "grade is an instructor's command" in done.stderr


def test_a_folder_that_is_there_is_left_alone(release, capsys):
    (release / "mine.txt").write_text("notes", encoding="utf-8")
    assert main(["release", str(release)]) == 1
    assert "a release goes into a new folder" in capsys.readouterr().err
    (release / "mine.txt").unlink()


def files_of_the_course(name: str) -> set[Path]:
    """The course's own files below a name, as paths from its folder."""
    found = [ROOT / name] if (ROOT / name).is_file() else (ROOT / name).rglob("*")
    paths = {path.relative_to(ROOT) for path in found if path.is_file()}
    return {path for path in paths if not any(p == "__pycache__" or p.startswith(".") for p in path.parts)}


def run(folder: Path, program: str) -> str:
    """What a Python prints that finds the release's library, and nothing of the instructor's folder."""
    program = (
        "import os, sys\n"
        "ours = lambda place: os.path.isdir(os.path.join(place, 'cnnhw_grading'))\n"
        "sys.path[:] = [place for place in sys.path if not ours(place)]\n"
    ) + program
    paths = os.pathsep.join([str(folder), str(folder / "tests")])
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        cwd=folder, capture_output=True, text=True, timeout=240, env={**os.environ, "PYTHONPATH": paths},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def source(path: Path) -> str:
    """The code of a module, or of a notebook's cells."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return text
    return "\n".join(cell.source for cell in nbformat.reads(text, 4).cells)


def long_lines(text: str) -> set[str]:
    """Lines of code that are long enough to be somebody's, without comments, spaces evened out."""
    lines = {" ".join(line.partition("  #")[0].split()) for line in text.splitlines()}
    return {line for line in lines if len(line) >= _LONG and not line.startswith(("from ", "import ", '"""'))}


def lines_of_answers() -> set[str]:
    """Lines of the lessons' references, known mistakes and cases, and of every solution."""
    found = {line for path in (ROOT / "lessons").rglob("*.py") for line in long_lines(source(path))}
    for path in (ROOT / "solutions").glob("*.ipynb"):
        for region in _REGION.findall(source(path)):
            found |= long_lines(region)
    return found


def given_lines() -> set[str]:
    """Lines that a solution shows outside what students write: signatures, what an answer is made of."""
    found = {line for line in lines_of_answers() if line.startswith("def ")}
    for path in (ROOT / "solutions").glob("*.ipynb"):
        found |= long_lines(_REGION.sub("", source(path)))
    return found


def functions() -> list[Function]:
    return [exercise for exercise in lessons.exercises().values() if isinstance(exercise, Function)]


def bodies(path: Path) -> list[bytes]:
    """The words of every exercise in a file of data."""
    listed = json.loads(path.read_text(encoding="utf-8"))
    return [zlib.decompress(base64.b64decode(words)) for _, words in listed]


def hidden_arrays(exercise: Function) -> list[np.ndarray]:
    """Arrays of an exercise's hidden cases, for the seed that grading takes when none is given and for 0.

    Those whose words could be there by chance are left out: few, or hardly any different ones.
    """
    given = [value for seed in (0, SEED) for case in hidden_cases(exercise, seed) for value in case]
    arrays = [value for value in given if isinstance(value, np.ndarray) and value.dtype != object]
    return [array for array in arrays if len(np.unique(array)) >= _MANY]


def words_of(array: np.ndarray) -> list[bytes]:
    """How an array's words could stand in a file: as they are in memory, or as a list."""
    listed = ", ".join(map(str, array.ravel().tolist()))
    return [np.ascontiguousarray(array).tobytes(), listed.encode()]


def visible_array() -> np.ndarray:
    """An array of a visible case, which is in the data."""
    cases = (case for exercise in functions() for case in visible_cases(exercise))
    arrays = (value for case in cases for value in case if isinstance(value, np.ndarray))
    return next(array for array in arrays if array.dtype != object and len(np.unique(array)) >= _MANY)
