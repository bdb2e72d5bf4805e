"""What a reader can ask of every lesson's words: short names explained, questions answered, sources linked.

Each test says what is missing and where, so that whoever edits a lesson can put it right: write the long form
of docs/glossary.md beside a short name's first use; fold an answer below a question; link a source.
"""

import re
from pathlib import Path

import nbformat
import pytest

from cnnhw.course.files import LESSONS, notebooks_in, read_notebook

ROOT = Path(__file__).parents[1]
TAUGHT = notebooks_in(ROOT / LESSONS)
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
FOLD = re.compile(r"<details>.*?</details>", flags=re.DOTALL)
PREDICT = re.compile(r"\*\*(Predict|Guess)")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
# Capital letters that stand for themselves: names of networks, firms, layers, matrices and loops.
NAMES = {"AT", "BT", "COLS", "GT", "IEEE", "NVIDIA", "OUT", "ROWS", "VGG"}
each = pytest.mark.parametrize("path", TAUGHT, ids=lambda path: path.stem)


def glossary_rows(section):
    """The rows of a table of the glossary, a tuple of cells each."""
    table = GLOSSARY.partition(f"## {section}\n")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")]
    return [tuple(row) for row in rows[1:]]


def blocks(path):
    """A lesson as blocks in order: ("fold" | "heading" | "prose", text), or ("code", cell)."""
    found = []
    for cell in read_notebook(path).cells:
        if cell.cell_type == "code":
            found.append(("code", cell))
            continue
        # A fold is one block, although it has empty lines inside.
        source = FOLD.sub(lambda fold: "\n\n" + re.sub(r"\n\s*\n", "\n", fold[0]) + "\n\n", cell.source)
        for text in filter(None, re.split(r"\n\s*\n", source)):
            kind = "fold" if "<details>" in text else "heading" if text.startswith("#") else "prose"
            found.append((kind, text))
    return found


def plain(text):
    """The words alone, small, hyphens and articles gone: "network on the chip" says "network on chip"."""
    words = re.findall(r"\w+", without_code(text).lower())
    return " ".join(word for word in words if word not in ("a", "an", "the"))


def without_code(text):
    """A text without its code and without the targets of its links."""
    return re.sub(r"`[^`]*`|\]\([^)]*\)", " ", text)


def passages(path):
    """What is read at one go: a paragraph or a list, with the headings above it; without the sources."""
    above = ""
    for kind, text in blocks(path):
        if kind == "heading" and text.startswith("## Sources"):
            return
        if kind == "heading":
            above += text + "\n"
        elif kind != "code":
            yield above + text
            above = ""


def shorts_before_their_long_form(path):
    """Each short name of the glossary that a lesson uses before it says the long form, with the passage."""
    missing, read = {}, ""
    waiting = {row[0]: row[1] for row in glossary_rows("Short names")}
    for passage in passages(path):
        read += plain(passage) + " "
        for short, long in list(waiting.items()):
            if re.search(rf"\b{short}(s|\d[\w-]*)?\b", without_code(passage)):
                del waiting[short]
                if plain(long) not in read:
                    missing[short] = passage[:80]
    return missing


@each
def test_short_names_are_explained_where_they_first_come(path):
    assert shorts_before_their_long_form(path) == {}


@each
def test_every_short_name_is_in_the_glossary(path):
    other = GLOSSARY.partition("Units:")[2].partition("## Words")[0]  # units, and where papers appear
    known = {row[0] for row in glossary_rows("Short names")} | NAMES | set(re.findall(r"\w*[A-Z]{2,}", other))
    used = re.findall(r"\b[A-Z]{2,}(?=s?\b|\d)", "\n".join(map(without_code, passages(path))))
    assert set(used) <= known


def test_a_short_name_without_its_long_form_is_found(tmp_path):
    path = tmp_path / "03_wrong.ipynb"
    written = {
        "## Two PEs\n\nEach does one MAC.": {"PE", "MAC"},
        "A MAC, a multiply-accumulate, in each processing element (PE).": set(),
        "One `MAC` here.\n\nOne MAC there, a multiply-accumulate.": set(),
        "One MAC.\n\nIt is a multiply-accumulate.": {"MAC"},
    }
    for text, missing in written.items():
        path.write_text(notebook_of(text), encoding="utf-8")
        assert set(shorts_before_their_long_form(path)) == missing, text


@each
def test_lesson_links_to_the_glossary(path):
    assert "(../docs/glossary.md" in "".join(text for kind, text in blocks(path) if kind == "prose")


@pytest.mark.parametrize("section", ["Short names", "Words", "Letters"])
def test_the_glossary_names_a_lesson_that_uses_the_word(section):
    rows = glossary_rows(section)
    assert len(rows) == len({row[0] for row in rows}) >= 10
    assert [row[0] for row in rows] == sorted((row[0] for row in rows), key=str.lower) or section == "Letters"
    for word, *_, what, lesson in rows:
        path = next(path for path in TAUGHT if path.name.startswith(lesson))
        cells = " ".join(cell.source for cell in read_notebook(path).cells)
        assert what and all(re.search(rf"\b{letter}", cells, re.IGNORECASE) for letter in word.split(", ")), (
            word
        )


def unanswered(path):
    """The questions of a lesson that nothing further down answers: predictions, and what it leaves open."""
    found, lesson = [], blocks(path)
    section = ""
    for place, (kind, text) in enumerate(lesson):
        section = text if kind == "heading" else section
        if kind != "prose" or "?" not in text or text.startswith("- "):
            continue
        after = lesson[place + 1 :]
        if PREDICT.search(text):
            answered = reading_quotes_what_ran(after)
        elif left_to_the_reader(text, after, section):
            kinds = [kind for kind, _ in after] + ["heading"]
            answered = "fold" in kinds[: kinds.index("heading")]
        else:
            answered = True
        if not answered:
            found.append(text)
    return found


def left_to_the_reader(text, after, section):
    """Whether a question stands before a widget, among exercises, or at the end of a section."""
    if section.startswith("## Exercises"):
        return True
    kind, following = after[0] if after else ("heading", "")
    if kind == "code":
        return "explore_" in following.source
    asks_the_lesson = section.startswith("# ")  # the question of the whole lesson stands below its title
    return text.rstrip().endswith("?") and kind in ("heading", "fold") and not asks_the_lesson


def reading_quotes_what_ran(after):
    """Whether prose in a prediction's section quotes a number or a longer word that its cells show.

    Where the cells save no output, because every machine gives another, prose after them is enough.
    """
    shown, read, ran = "", "", False
    for kind, text in after:
        if kind == "heading" or (kind == "prose" and PREDICT.search(text)):
            break
        if kind == "code":
            ran = True
            shown += " ".join(output_text(output) for output in text.outputs)
        elif ran:
            read += text + " "
    return bool(quotable(read) & quotable(shown)) if shown else bool(read)


def output_text(output):
    return output.get("text", "") + output.get("data", {}).get("text/plain", "")


def quotable(text):
    """The numbers of a text, without commas, and its words of five letters or more."""
    return {number.replace(",", "") for number in NUMBER.findall(text)} | set(
        re.findall(r"[A-Za-z]{5,}", text)
    )


@each
def test_every_question_is_answered_further_down(path):
    assert unanswered(path) == []


def test_a_question_without_an_answer_is_found(tmp_path):
    path = tmp_path / "03_wrong.ipynb"
    for text, left in {
        "## Exercises\n\nWhich weights find the edge?": 1,
        "## Exercises\n\nWhich find it?\n\n<details><summary>Answer</summary>\n\nThese.\n\n</details>": 0,
        "What is it worth?\n\n## Next": 1,
        "What is it worth? Nothing.\n\n## Next": 0,
        "**Predict.** How many?\n\n## Next": 1,
    }.items():
        path.write_text(notebook_of(text), encoding="utf-8")
        assert len(unanswered(path)) == left, text


@each
def test_every_source_has_a_link(path):
    listed = "\n".join(cell.source for cell in read_notebook(path).cells if cell.cell_type == "markdown")
    entries = re.split(r"^- ", listed.partition("## Sources\n")[2], flags=re.MULTILINE)[1:]
    assert entries and not [entry for entry in entries if "](" not in entry]


def notebook_of(text):
    """A notebook of one cell of prose, as its file."""
    return nbformat.writes(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)]))
