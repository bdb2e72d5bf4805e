"""The rules of style that every saved notebook keeps: length, clean outputs, pictures with words."""

import re
from pathlib import Path

import pytest

from cnnhw.course.files import EXERCISES, LESSONS, SOLUTIONS, notebook_text, notebooks_in, read_notebook

ROOT = Path(__file__).parents[1]
FOLDERS = (LESSONS, SOLUTIONS, EXERCISES)
FILES = [path for folder in FOLDERS for path in notebooks_in(ROOT / folder)]
SAVED_EXECUTED = [path for path in FILES if path.parent.name != EXERCISES]
TAUGHT = notebooks_in(ROOT / LESSONS)
LESSONS_PROPER = [path for path in TAUGHT if not path.name.startswith("00")]  # 00 only welcomes

OPENING = ["What you'll do", "What you'll learn", "What you'll need"]
CLOSING = ["Summary", "Exercises", "Sources"]
UNSTABLE = "nbval-ignore-output"

FORBIDDEN_CODE = {
    "shell or magic": r"^\s*[!%]",
    "installing": r"\b(pip|conda|uv)\s+install\b",
    "network": r"https?://|\burllib\b|\brequests\b|\burlopen\b|\bsocket\b",
    "another process": r"\bsubprocess\b|\bos\.system\b|\bPopen\b",
    "unseeded randomness": r"default_rng\(\)|RandomState\(\)|\bnp\.random\.(rand|randn|randint|choice)\b",
    "the clock": r"\btime\.(time|perf_counter|monotonic)\b|\bdatetime\b|%%?time",
    "a hidden result": r";\s*$(?![\s\S])",
}
FORBIDDEN_OUTPUT = {
    "an address in memory": r"\b0x[0-9a-f]{6,}",
    "a path of one machine": r"/(tmp|home|Users|root)/",
}


def each(paths):
    names = [f"{path.parent.name}/{path.stem}" for path in paths]
    return pytest.mark.parametrize("path", paths, ids=names)


def code_cells(path):
    return [cell for cell in read_notebook(path).cells if cell.cell_type == "code"]


def prose(path):
    return [cell.source for cell in read_notebook(path).cells if cell.cell_type == "markdown"]


def headings(path, level):
    found = re.findall(rf"^#{{{level}}} (.+)$", "\n\n".join(prose(path)), flags=re.MULTILINE)
    return [heading.strip().replace("\u2019", "'") for heading in found]


def lines_of_code(cell):
    return [line for line in cell.source.splitlines() if line.strip()]


def has_picture(cell):
    return any("<svg" in html_of(output) for output in cell.outputs)


def html_of(output):
    return output.get("data", {}).get("text/html", "")


def is_widget(cell):
    return bool(re.search(r"^(?!\s*(from|import)\b).*\bexplore_\w+\(", cell.source, flags=re.MULTILINE))


@each(FILES)
def test_file_is_in_normal_form(path):
    # UTF-8, Unix line ends, sorted keys, one newline at the end, no timings and no widget state.
    assert path.read_bytes().decode("utf-8") == notebook_text(read_notebook(path)), "run `cnnhw notebooks`"


@each(FILES)
def test_ids_are_readable_and_unique(path):
    ids = [cell.id for cell in read_notebook(path).cells]
    assert len(set(ids)) == len(ids)
    for name in ids:
        assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name), name
        assert not re.fullmatch(r"[0-9a-f]{8}", name), f"{name} was made up by Jupyter"


@each(FILES)
@pytest.mark.parametrize("what", FORBIDDEN_CODE)
def test_code_is_free_of(path, what):
    for cell in code_cells(path):
        assert not re.search(FORBIDDEN_CODE[what], cell.source, flags=re.MULTILINE), cell.id


@each(FILES)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", "\n".join(prose(path))):
        assert (path.parent / target).exists(), target


@each(FILES)
def test_images_in_prose_have_words(path):
    text = "\n".join(prose(path))
    assert not re.findall(r"!\[\s*\]\(", text)
    assert not [tag for tag in re.findall(r"<img[^>]*>", text) if not re.search(r'alt="[^"]+"', tag)]


@each(SAVED_EXECUTED)
def test_executed_in_order_from_a_fresh_kernel(path):
    counts = [cell.execution_count for cell in code_cells(path)]
    assert counts == list(range(1, len(counts) + 1)), "run `cnnhw notebooks`"


@each(SAVED_EXECUTED)
def test_outputs_are_clean(path):
    for cell in code_cells(path):
        for output in cell.outputs:
            assert output.output_type != "error" and output.get("name") != "stderr", cell.id
            assert not [kind for kind in output.get("data", {}) if kind.startswith("image/")], cell.id
            shown = output.get("text", "") + output.get("data", {}).get("text/plain", "")
            for what, pattern in FORBIDDEN_OUTPUT.items():
                assert not re.search(pattern, shown), f"{cell.id} shows {what}"


@each(SAVED_EXECUTED)
def test_every_picture_has_words(path):
    for cell in code_cells(path):
        for output in cell.outputs:
            page = html_of(output)
            assert "<img" not in page, cell.id
            labels = re.findall(r'<figure[^>]*><svg role="img" aria-label="([^"]+)"', page)
            assert page.count("<svg") == len(labels), cell.id
            if labels:
                assert not output.data["text/plain"].startswith("<"), f"{cell.id}: the repr must be the words"


@each(SAVED_EXECUTED)
def test_files_stay_small(path):
    assert path.stat().st_size <= 1_500_000
    for cell in code_cells(path):
        for output in cell.outputs:
            assert len(html_of(output)) <= 150_000, cell.id


@each(TAUGHT)
def test_length(path):
    # What is folded away is opened by who wants it: not on the way that everybody reads.
    open_prose = re.sub(r"<details>.*?</details>", "", "\n\n".join(prose(path)), flags=re.DOTALL)
    assert len(open_prose.split()) <= 1_800
    assert len(read_notebook(path).cells) <= 45
    assert sum(len(lines_of_code(cell)) for cell in code_cells(path)) <= 120


@each(TAUGHT)
def test_code_comes_in_small_pieces(path):
    for cell in code_cells(path):
        assert len(lines_of_code(cell)) <= 20, cell.id
    kinds = "".join(cell.cell_type[0] for cell in read_notebook(path).cells)
    assert "ccc" not in kinds, "three code cells in a row without prose"


@each(TAUGHT)
def test_widgets_stand_below_a_static_picture(path):
    pictured = False  # in this section, so far
    for cell in read_notebook(path).cells:
        if cell.cell_type == "markdown":
            pictured = pictured and not re.search(r"^## ", cell.source, flags=re.MULTILINE)
        elif is_widget(cell):
            assert UNSTABLE in cell.metadata.get("tags", []), cell.id
            assert cell.outputs == [], cell.id
            assert pictured, f"{cell.id} needs a picture above it, in its own section"
        else:
            pictured = pictured or has_picture(cell)


@each(TAUGHT)
def test_one_title(path):
    assert len(headings(path, 1)) == 1
    assert read_notebook(path).cells[0].source.startswith("# ")


@each(LESSONS_PROPER)
def test_headings(path):
    sections = headings(path, 2)
    assert sections[:3] == OPENING
    assert sections[-3:] == CLOSING
    assert len(sections) >= 3 + 2 + 3


@each(LESSONS_PROPER)
def test_a_reference_and_asserts(path):
    source = "\n".join(cell.source for cell in code_cells(path))
    assert re.search(r"^reference\b", source, flags=re.MULTILINE)
    assert re.search(r"^\s*assert ", source, flags=re.MULTILINE)


@each(LESSONS_PROPER)
def test_predictions_and_pictures(path):
    assert len(re.findall(r"\bpredict", "\n".join(prose(path)), flags=re.IGNORECASE)) >= 3
    assert sum(map(has_picture, code_cells(path))) >= 3
