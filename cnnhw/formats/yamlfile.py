"""YAML of other tools, read safely: plain values, with the tags of nodes kept and nothing executed."""

import re
from collections.abc import Iterable
from pathlib import Path

import yaml

from cnnhw.errors import CourseError
from cnnhw.networks.textfile import text_of

_TEMPLATE = re.compile(r"\{\{|\{%|^\s*<<<\s*:", re.MULTILINE)


MOST = 1_000_000


class Node(dict):
    """A mapping with a tag, such as !Container."""

    def __init__(self, tag: str, values: dict):
        super().__init__(values)
        self.tag = tag


class _Loader(yaml.SafeLoader):
    """The safe loader, which also keeps unknown tags and refuses a key that comes twice."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for (key, _), name in zip(node.value, keys, strict=True):
            if name != "<<" and keys.count(name) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"{name!r} comes twice", key.start_mark)
        return super().construct_mapping(node, deep)


class _Dumper(yaml.SafeDumper):
    """The safe dumper, which also writes tags, and lists inside lists further in."""

    def increase_indent(self, flow=False, indentless=False):
        return super().increase_indent(flow, False)

    def ignore_aliases(self, data):
        return True


def _tagged(loader, suffix, node):
    if not isinstance(node, yaml.MappingNode):
        raise yaml.constructor.ConstructorError(None, None, f"!{suffix} is no mapping", node.start_mark)
    return Node(suffix, loader.construct_mapping(node, deep=True))


_Loader.add_multi_constructor("!", _tagged)
_Dumper.add_representer(Node, lambda dumper, node: dumper.represent_mapping(f"!{node.tag}", dict(node)))


def read_yaml(path: str | Path, kind: type = dict):
    """Read a file whose outermost value is a mapping, or a list.

    kind    dict or list
    raises  CourseError, with the line, if it is no YAML, a key comes twice, or it is a template
    """
    path = Path(path)
    text = text_of(path, "a YAML file")
    template = _TEMPLATE.search(text)
    if template:
        raise CourseError(
            "a file is plain YAML, with no template or merge of a tool's own in it",
            f"{path.name}, line {text.count(chr(10), 0, template.start()) + 1}: {template[0].strip()}",
            "write out what it stands for; the tool works it out before it reads a file",
        )
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is not None and _nodes(node, {}) > MOST:
            raise CourseError(
                f"a file has no more than {MOST:,} values, those that an alias repeats included",
                f"{path.name}, where aliases repeat aliases",
                "write it without them",
            )
        found = loader.construct_document(node) if node is not None else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path.name}, line {mark.line + 1}" if mark else path.name
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise CourseError(
            "a file is YAML", f"{where}: {problem}", "mend the line, or the one before"
        ) from None
    except (RecursionError, ValueError) as error:  # nested without end, or a date that is none
        raise CourseError("a file is YAML", f"{path.name}: {error}", "mend the file") from None
    if not isinstance(found, kind):
        raise CourseError(
            "a file has names and values" if kind is dict else "a file is a list",
            f"{path.name}: {type(found).__name__}",
            "compare it with one that the tool comes with",
        )
    return found


def _nodes(node, known: dict[int, float]) -> float:
    """Count the values of a node with those that its aliases repeat; one inside itself has no end."""
    if id(node) not in known:
        known[id(node)] = float("inf")
        inside = node.value if not isinstance(node, yaml.ScalarNode) else ()
        parts = [part for pair in inside for part in pair] if isinstance(node, yaml.MappingNode) else inside
        known[id(node)] = 1 + sum(_nodes(part, known) for part in parts)
    return known[id(node)]


def write_yaml(path: str | Path, values: dict | list) -> None:
    """Write values as YAML, its keys in their order and short lists on one line."""
    text = yaml.dump(values, Dumper=_Dumper, sort_keys=False, default_flow_style=None, width=110)
    Path(path).write_text(text, encoding="utf-8", newline="\n")


def mapping(value, what: str) -> dict:
    """Give a value that is a mapping.

    raises  CourseError for another
    """
    if not isinstance(value, dict):
        raise CourseError(
            f"{what} is a mapping of names to values", repr(value)[:80], f"write {what}: and names"
        )
    return value


def listed(value, what: str) -> list:
    """Give a value that is a list.

    raises  CourseError for another
    """
    if not isinstance(value, list):
        raise CourseError(f"{what} is a list", repr(value)[:80], f"write {what}: and lines that begin with -")
    return value


def first_of(values: dict, names: Iterable[str], default=None):
    """Give the value under the first of some spellings that is there."""
    return next((values[name] for name in names if name in values), default)
