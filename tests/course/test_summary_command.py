"""The `cnnhw` command and its `summary`: what it prints, where, and what goes wrong well."""

import doctest
import io
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from cnnhw import networks
from cnnhw.course import cli, summary
from cnnhw.networks import Verdict


def printed(capsys, *words):
    assert cli.main(words) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_summary_shows_every_cell_beside_its_number(capsys):
    lines = printed(capsys, "summary").splitlines()
    assert max(map(len, lines)) <= 100
    for cell in (*networks.slide18(), *networks.slide16()):
        computed = "-" if cell.computed is None else cell.computed
        computed = f"{computed:,}" if isinstance(computed, int) else computed
        wanted = f"{cell.cell} {cell.published} {computed} {cell.verdict}"
        assert any(" ".join(line.split()) == wanted for line in lines), wanted


def test_summary_gives_conventions_and_other_readings(capsys):
    text = " ".join(printed(capsys, "summary").split())
    for part in (
        "the 1998 paper's 340,908 connections minus C5's and F6's MACs",
        "(with ceil: 1,581,647,872)",
        "v1.5, stride in the 3x3: 4,087,136,256",
        "swapped order; read as CONV3's number it is right (CONV2 itself: 223,948,800)",
        "[Sze et al., Proc. IEEE 2017, table II]",
    ):
        assert part in text


def test_summary_ends_with_the_counts(capsys):
    cells = (*networks.slide18(), *networks.slide16())
    found = [sum(cell.verdict == verdict for cell in cells) for verdict in Verdict]
    assert printed(capsys, "summary").splitlines()[-1] == (
        f"{len(cells)} cells: {found[0]} reproduced, {found[1]} reproduced under a convention, "
        f"{found[2]} not reproduced, {found[3]} quoted"
    )
    assert found[2] == 3  # LeNet-5's input size, GoogLeNet's channels and filters


def test_the_page_of_published_tables_is_what_is_computed():
    page = Path(__file__).parents[2] / "docs" / "published_tables.md"
    assert f"```\n{summary.summary()}\n```" in page.read_text(encoding="utf-8")
    result = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert result.attempted == 8 and result.failed == 0


def test_slide_18_has_41_cells_of_its_own():
    """Lesson 02 counts these; the survey's cells are in the list, but not in the count."""
    own = Counter(str(cell.verdict) for cell in networks.slide18() if cell.source == "slide 18")
    assert own == {"reproduced": 27, "reproduced under a convention": 10, "not reproduced": 3, "quoted": 1}


@pytest.mark.parametrize("words", [[], ["sumary"], ["summary", "--netwrk", "x"]])
def test_a_command_line_that_cannot_be_read_shows_the_usage(words, capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(words)
    assert stop.value.code == 2
    assert "usage: cnnhw" in capsys.readouterr().err


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(["--help"])
    assert stop.value.code == 0
    text = capsys.readouterr().out
    assert all(command in text for command in cli.COMMANDS)


def run_cnnhw(*words, **options):
    return subprocess.Popen([sys.executable, "-m", "cnnhw.course.cli", *words], **options)


def test_a_closed_pipe_is_no_error():
    command = run_cnnhw("summary", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    command.stdout.close()
    assert command.stderr.read() == b""
    command.stderr.close()
    command.wait(timeout=60)


def test_a_terminal_without_utf_8_shows_question_marks(tmp_path):
    (tmp_path / "mine.csv").write_text("layer,M,C,H,R\nGröße,5,3,9,3\n", encoding="utf-8")
    ascii_only = {**os.environ, "PYTHONIOENCODING": "ascii:strict", "PYTHONUTF8": "0"}
    command = run_cnnhw("network", str(tmp_path / "mine.csv"), stdout=subprocess.PIPE, env=ascii_only)
    out, _ = command.communicate(timeout=60)
    assert command.returncode == 0
    assert b"Gr??e" in out


def test_a_stream_that_cannot_be_reconfigured(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    assert cli.main(["summary"]) == 0
    assert stream.getvalue() == summary.summary() + "\n"
