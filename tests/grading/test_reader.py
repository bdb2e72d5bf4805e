"""What is opened of a submission: a regular file of a moderate size, and no other."""

import os

import pytest
from grading.conftest import HONEST, notebook

from cnnhw_grading.reader import Unreadable, file_bytes, submission


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_bytes(notebook(*HONEST))
    return path


def outcome(path):
    with pytest.raises(Unreadable) as refused:
        file_bytes(path)
    return refused.value.outcome


def test_a_regular_file_is_read(file):
    assert file_bytes(file) == notebook(*HONEST)


def test_links_are_not_followed(file, tmp_path):
    soft, hard = tmp_path / "soft.ipynb", tmp_path / "hard.ipynb"
    soft.symlink_to(file)
    assert outcome(soft) == "a link"
    os.link(file, hard)
    assert outcome(hard) == "a link"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFOs")
def test_a_fifo_holds_nobody_up(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    assert outcome(tmp_path / "fifo") == "unreadable"


def test_what_is_no_file_is_unreadable(tmp_path):
    assert outcome(tmp_path) == "unreadable"
    assert outcome(tmp_path / "nowhere") == "unreadable"


def test_a_large_file_is_not_read(tmp_path):
    with (tmp_path / "large").open("wb") as file:
        file.truncate(10**12)
    assert outcome(tmp_path / "large") == "too large"


def test_the_last_cell_that_defines_a_name_answers():
    read = submission(notebook("f = 1", "def f(): pass", "g = f", "for f in (): pass", graded=("f",)))
    assert read.place_of("f") == 3
    assert read.place_of("nobody") is None


@pytest.mark.parametrize("source", ["f = 1", "a, (f, b) = x", "import f", "import f.g", "from a import b as f", "if 1:\n    def f(): pass",
                                    "with a as f: pass", "class f: pass", "%time\nf = 2", "f: int = 3", "(f := 4)", "f = !ls"])  # fmt: skip
def test_a_name_is_defined_by(source):
    assert submission(notebook(source)).place_of("f") == 0


@pytest.mark.parametrize(
    "source", ["def g(): f = 1", "[f for f in x]", "lambda f: f", "g.f = 1", "f == 1", "def (", "'f = 1'"]
)
def test_a_name_is_not_defined_by(source):
    assert submission(notebook(source)).place_of("f") is None
