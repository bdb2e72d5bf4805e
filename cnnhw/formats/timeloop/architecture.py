"""The architecture: containers and components, outermost first."""

import re
from dataclasses import dataclass

from cnnhw.errors import CourseError, whole_number
from cnnhw.formats.yamlfile import Node, listed, mapping
from cnnhw.machine import Array, Level, Machine
from cnnhw.nest import Nest

_UNLIMITED = re.compile("DRAM", re.IGNORECASE)
_DIVIDED = re.compile(r"(?P<stem>.*)\[(?P<first>[0-9]+)\.\.(?P<last>[0-9]+)\]")


@dataclass(frozen=True)
class Architecture:
    """A machine, and what a file says beyond it.

    blocks    level -> words in one vector, which one access of the tool moves
    left_out  components that hold no words, and what they are
    single    what stands once and holds no words: containers and components that no loop runs over
    """

    machine: Machine
    blocks: dict[str, int]
    left_out: tuple[str, ...]
    single: frozenset[str]


def read_architecture(architecture) -> Architecture:
    """Read an architecture of version 0.4.

    raises  CourseError for a tree of an earlier version, branches, or a memory without a size
    """
    architecture = mapping(architecture, "architecture")
    if "subtree" in architecture or "nodes" not in architecture:
        raise CourseError(
            "an architecture is a list of nodes, as from version 0.4 on",
            f"{', '.join(map(str, architecture))}",
            "write nodes: and a !Container or a !Component for each",
        )
    parts, blocks, left_out, widths = [], {}, [], {}
    nodes = listed(architecture["nodes"], "nodes")
    if not nodes or not isinstance(nodes[-1], Node) or nodes[-1].tag != "Component":
        raise CourseError(
            "an architecture ends with the component that multiplies",
            f"{getattr(nodes[-1], 'tag', nodes[-1])!r}" if nodes else "no node",
            "put a !Component of class intmac last",
        )
    for number, node in enumerate(nodes, 1):
        if not isinstance(node, Node) or node.tag not in ("Container", "Component"):
            raise CourseError(
                "a node is a !Container or a !Component, one inside the other",
                f"node {number}: {getattr(node, 'tag', type(node).__name__)}",
                "leave branches to the tool: a machine here is one list",
            )
        name = str(node.get("name"))
        parts += _array(name, node.get("spatial"))
        if node.tag == "Container" or node is nodes[-1]:
            continue
        attributes = mapping(node.get("attributes") or {}, f"attributes of {name}")
        class_ = str(node.get("class", ""))
        if "depth" not in attributes and not _UNLIMITED.search(class_):
            left_out.append(f"{name}, class {class_}")
            continue
        width, bits = (_number(attributes, name, "width", 16), _number(attributes, name, "datawidth", 16))
        blocks[name], widths[name] = max(1, width // bits), bits
        unlimited = "depth" not in attributes
        parts.append(Level(name, None if unlimited else _number(attributes, name, "depth") * width // bits))
    word_bits = max(widths.values(), default=16)
    machine = Machine.of(parts, word_bits=word_bits)
    single = {str(node["name"]) for node in nodes if "name" in node} - set(machine.hierarchy.names)
    return Architecture(machine, blocks, tuple(left_out), frozenset(single))


def write_architecture(machine: Machine, nest: Nest) -> dict:
    """Give a machine as an architecture; an array without a limit is as large as the nest takes.

    raises  CourseError for separate memories at one level, or PEs that are fewer than rows times columns
    """
    _check_plain(machine)
    nodes = [Node("Container", {"name": "system"})]
    for part in machine.parts:
        if isinstance(part, Level):
            nodes.append(Node("Component", _component(part, machine.word_bits)))
            continue
        rows, cols = nest.taken(part.name)
        sizes = {"meshX": part.cols or cols, "meshY": part.rows or rows}
        if part.pes is not None and part.pes != sizes["meshX"] * sizes["meshY"]:
            raise _refused(f"an array of all its positions, {part.name}", f"{part.pes} PEs of {sizes}")
        nodes.append(Node("Container", {"name": part.name, "spatial": sizes}))
    multiplier = {"name": "multiplier", "class": "intmac", "attributes": {"datawidth": machine.word_bits}}
    return {"version": "0.4", "nodes": [*nodes, Node("Component", multiplier)]}


def _check_plain(machine: Machine) -> None:
    for rule, got, wrong in (
        ("words of one width", f"widths={dict(machine.widths)}", machine.widths),
        ("psums that start from zero", machine.first_visits, machine.first_visits != "zero"),
        ("a component called multiplier of its own", "multiplier", "multiplier" in machine.hierarchy.names),
    ):
        if wrong:
            raise _refused(rule, got)


def _component(level: Level, word_bits: int) -> dict:
    rooms = level.rooms
    if len(rooms) > 1 or any(len(tensors) < 3 for tensors in rooms):
        raise _refused(f"one memory for all tensors at {level.name}", f"{len(rooms)} of their own")
    if level.total == 0:
        raise _refused(f"a memory of one word or more at {level.name}", "0 words")
    attributes = {"width": word_bits, "datawidth": word_bits}
    if level.total is None:
        return {"name": level.name, "class": "DRAM", "attributes": attributes}
    return {"name": level.name, "class": "SRAM", "attributes": {"depth": level.total, **attributes}}


def _array(name: str, spatial) -> list[Array]:
    """Give the array that a node multiplies everything after it by, if it does."""
    divided = _DIVIDED.fullmatch(name)
    if divided:
        raise CourseError(
            "a node of version 0.4 says under spatial how often it is there",
            name,
            f"write name: {divided['stem']} and spatial: {{meshX: {int(divided['last']) + 1}}}",
        )
    if not spatial:
        return []
    sizes = mapping(spatial, f"spatial of {name}")
    cols, rows = (_number(sizes, name, axis, 1) for axis in ("meshX", "meshY"))
    return [Array(name, rows, cols)] if rows * cols > 1 else []


def _number(values: dict, name: str, what: str, default: int | None = None) -> int:
    number = whole_number(values.get(what, default))
    if number is None:
        raise CourseError(
            f"{what} is a whole number, 1 or more",
            f"{what} of {name} = {values.get(what)!r}",
            "write the number itself; an expression is the tool's to work out",
        )
    return number


def _refused(rule: str, got: str) -> CourseError:
    return CourseError(
        f"an architecture of Timeloop has {rule}", got, "change the machine, or leave this out"
    )
