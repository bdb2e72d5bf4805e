"""Results survive what can happen to a disk and a process, and are written once."""

import sqlite3
from dataclasses import replace

import pytest

from cnnhw.errors import CourseError
from cnnhw_grading import store as store_module
from cnnhw_grading.store import Graded, Key, Question, Store, back_up, hash_of


def graded(student="ann", file="f", points=2.0, outcome="graded"):
    key = Key(student, "03", file, "v", 1)
    return Graded(
        key,
        outcome,
        "bubblewrap",
        (Question("q", "right", points, 2.0, "words", 0.1),),
        0.1,
        "2026-01-01T00:00:00+00:00",
    )


def test_what_is_put_comes_back(tmp_path):
    with Store(tmp_path / "r.db") as store:
        store.put(graded())
    with Store(tmp_path / "r.db") as store:
        assert list(store.latest()) == [graded()]
        assert store.has(graded().key) and not store.has(graded(file="g").key)


def test_the_same_key_is_kept_once_and_the_newest_counts(tmp_path):
    with Store(tmp_path / "r.db") as store:
        for file in ("a", "b", "a", "a"):
            store.put(graded(file=file))
        assert [each.key.file for each in store.latest()] == ["a"]
        assert not store.has(graded(file="b").key), "an older file that comes back is graded again"
    with sqlite3.connect(tmp_path / "r.db") as db:
        assert db.execute("select count(*) from submission").fetchone() == (2,)
        assert db.execute("select count(*) from question").fetchone() == (2,)


def test_what_was_left_is_not_done(tmp_path):
    with Store(tmp_path / "r.db") as store:
        store.put(graded(points=None, outcome="not graded"))
        assert not store.has(graded().key)
        assert next(store.latest()).points is None


def test_a_full_disk_keeps_what_was_written(tmp_path):
    with Store(tmp_path / "r.db") as store:
        store.put(graded())
        pages = store._db.execute("pragma page_count").fetchone()[0]
        store._db.execute(f"pragma max_page_count = {pages}")
        big = Graded(graded("bob").key, "graded", "x", (Question("q", "right", 1.0, 1.0, "w" * 10**6),))
        with pytest.raises(CourseError, match="full"):
            store.put(big)
        store._db.execute("pragma max_page_count = 100000")
        assert list(store.latest()) == [graded()]
        store.put(big)
        assert len(list(store.latest())) == 2


def test_a_locked_database_is_explained_and_nothing_is_lost(tmp_path, monkeypatch):
    monkeypatch.setattr(store_module, "_WAIT_SECONDS", 0.1)
    with Store(tmp_path / "r.db") as store:
        other = sqlite3.connect(tmp_path / "r.db", isolation_level=None)
        other.execute("begin immediate")
        with pytest.raises(CourseError, match="locked"):
            store.put(graded())
        other.execute("rollback")
        store.put(graded())
        assert list(store.latest()) == [graded()]
        other.close()


def test_what_is_no_database_is_explained(tmp_path):
    (tmp_path / "r.db").write_text("no database at all, but text", encoding="utf-8")
    with pytest.raises(CourseError, match="not a database"):
        Store(tmp_path / "r.db")


def test_a_copy_is_made_before_a_run(tmp_path):
    assert back_up(tmp_path / "r.db") is None
    with Store(tmp_path / "r.db") as store:
        store.put(graded())
        with Store(back_up(tmp_path / "r.db")) as copy:
            assert list(copy.latest()) == [graded()]


def test_hashes_tell_pieces_apart():
    assert hash_of(b"ab", b"c") != hash_of(b"a", b"bc")


def test_results_of_before_answers_were_kept_stay(tmp_path):
    with Store(tmp_path / "r.db") as store:
        store.put(graded())
    with sqlite3.connect(tmp_path / "r.db") as db:
        db.execute("alter table question drop column answer")
    for _ in range(2):
        with Store(tmp_path / "r.db") as store:
            assert next(store.latest()) == graded()
    with Store(tmp_path / "r.db") as store:
        drawn = replace(graded("bob"), questions=(Question("q", "right", 1.0, 1.0, answer=b"\0frame"),))
        store.put(drawn)
        assert list(store.latest()) == [graded(), drawn]
