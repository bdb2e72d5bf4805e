"""Answers of two students that are alike: to be looked at by a person, never punished by a program.

An answer is read as its tokens: comments, layout, texts and the spelling of numbers do not count, and every
name that the cell itself binds counts as the same name. Runs of WIDTH tokens stand for it; those that the
sheet itself gives, or that many of the class have, say nothing. Two answers are alike by the share of runs
that they have in common (Jaccard's index).
"""

import ast
import hashlib
import io
import keyword
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

WIDTH = 6  # tokens of a run; chosen on the course's own exercises, see tests/grading/test_copies.py
LEAST_RUNS = 12  # an answer with fewer is too short to say anything
ALIKE = 0.8  # share of runs in common from which on a pair is listed
_COMMON = 0.2  # a run that more than this share of a class has is a way that everybody goes


@dataclass(frozen=True)
class Pair:
    """Two students whose answers to a question are alike.

    alike  share of their runs of tokens that both have, 0 to 1
    """

    sheet: str
    question: str
    one: str
    other: str
    alike: float


def pairs(sheet: str, question: str, answers: Mapping[str, str], given: str = "") -> list[Pair]:
    """Find the pairs of students whose answers to one question are alike, the most alike first.

    sheet, question  written into the pairs
    answers          student -> source of their cell
    given            what the sheet has in this cell before anybody writes
    returns          pairs with at least ALIKE, of answers that are long enough
    """
    runs = {student: _runs(source) for student, source in answers.items()}
    often = Counter(run for each in runs.values() for run in each)
    many = max(3, _COMMON * len(answers))
    usual = _runs(given) | {run for run, times in often.items() if times > many}
    told = {student: each - usual for student, each in runs.items()}
    told = {student: each for student, each in told.items() if len(each) >= LEAST_RUNS}
    found = (
        Pair(sheet, question, *sorted(pair), round(_alike(told[pair[0]], told[pair[1]]), 3))
        for pair in _candidates(told)
    )
    return sorted((p for p in found if p.alike >= ALIKE), key=lambda p: (-p.alike, p.one, p.other))


def _candidates(told: Mapping[str, set]) -> Iterable[tuple[str, str]]:
    """The pairs that have anything in common."""
    owners = defaultdict(list)
    for student, runs in told.items():
        for run in runs:
            owners[run].append(student)
    return {tuple(sorted(pair)) for students in owners.values() for pair in combinations(students, 2)}


def _alike(one: set, other: set) -> float:
    return len(one & other) / len(one | other)


def _runs(source: str) -> set[bytes]:
    tokens = _tokens(source)
    return {
        hashlib.blake2b(" ".join(tokens[start : start + WIDTH]).encode(), digest_size=8).digest()
        for start in range(len(tokens) - WIDTH + 1)
    }


def _tokens(source: str) -> list[str]:
    """What a cell says, whatever its names, layout and comments; [] where it is no Python."""
    try:
        own = _own_names(ast.parse(source))
        listed = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError):
        return []
    spoken = (tokenize.NAME, tokenize.NUMBER, tokenize.OP)
    return [_said(token, own) for token in listed if token.type in spoken]


def _own_names(tree: ast.AST) -> set[str]:
    """Names that the cell itself binds: a copy under other names is a copy."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
    return found


def _said(token: tokenize.TokenInfo, own: set[str]) -> str:
    if token.type == tokenize.NAME and token.string in own and not keyword.iskeyword(token.string):
        return "name"
    if token.type == tokenize.NUMBER:
        return repr(ast.literal_eval(token.string))
    return token.string
