"""Kept answers: found again, never mixed up, and never trusted when they are broken."""

import json
import tempfile
from pathlib import Path

import platformdirs
import pytest

from cnnhw.mapper.cache import cache_folder, remembered

QUESTION = {"dataflow": "RS", "costs": [200, 6, 2, 1]}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("CNNHW_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def ask(question, answer):
    """(what comes back, whether it had to be found)"""
    found = []

    def find():
        found.append(answer)
        return answer

    return remembered(question, find), bool(found)


def test_an_answer_is_kept(folder):
    assert ask(QUESTION, {"m": 7}) == ({"m": 7}, True)
    assert ask(QUESTION, {"m": 8}) == ({"m": 7}, False)
    assert ask({**QUESTION, "costs": [200, 6, 2, 1.5]}, {"m": 9}) == ({"m": 9}, True)
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "\x00\x01", '{"answer": {"m": 7}}', '{"question": 1, "answer": {"m": 7}}']
)
def test_a_broken_file_is_found_anew_and_mended(folder, text):
    ask(QUESTION, {"m": 7})
    (path,) = folder.iterdir()
    path.write_text(text, encoding="utf-8")
    assert ask(QUESTION, {"m": 8}) == ({"m": 8}, True)
    assert ask(QUESTION, {"m": 9}) == ({"m": 8}, False)


@pytest.mark.parametrize("answer", [None, [7], {"m": 7.5}, {"m": "7"}, {"m": True}])
def test_an_answer_of_the_wrong_kind_is_found_anew(folder, answer):
    ask(QUESTION, {"m": 7})
    (path,) = folder.iterdir()
    held = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**held, "answer": answer}), encoding="utf-8")
    assert ask(QUESTION, {"m": 8}) == ({"m": 8}, True)


@pytest.mark.parametrize("said", ["off", "OFF", "0", ""])
def test_it_can_be_turned_off(said, monkeypatch):
    monkeypatch.setenv("CNNHW_CACHE", said)
    assert cache_folder() is None
    assert ask(QUESTION, {"m": 7}) == ({"m": 7}, True)
    assert ask(QUESTION, {"m": 8}) == ({"m": 8}, True)


def test_without_a_word_it_is_where_the_system_keeps_caches(monkeypatch):
    monkeypatch.delenv("CNNHW_CACHE", raising=False)
    assert "cnnhw" in cache_folder().name.lower() or "cnnhw" in str(cache_folder()).lower()


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("CNNHW_CACHE", str(blocked / "below"))
    assert ask(QUESTION, {"m": 7}) == ({"m": 7}, True)


def test_half_a_file_lies_beside_the_whole_one(folder, tmp_path, monkeypatch):
    """A file can be moved into place at once only within its own disk."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "not there"))
    assert ask(QUESTION, {"m": 7}) == ({"m": 7}, True)
    assert ask(QUESTION, {"m": 8}) == ({"m": 7}, False)


def test_unasked_the_folder_is_the_systems_own(monkeypatch):
    monkeypatch.delenv("CNNHW_CACHE", raising=False)
    assert cache_folder() == Path(platformdirs.user_cache_dir("cnnhw", appauthor=False))
