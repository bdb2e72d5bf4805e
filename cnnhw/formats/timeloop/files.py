"""Timeloop's files together: what a reader gives it, and what comes out of a nest."""

from dataclasses import dataclass
from pathlib import Path

from cnnhw.errors import CourseError
from cnnhw.formats.timeloop.architecture import read_architecture, write_architecture
from cnnhw.formats.timeloop.mapping import read_mapping, write_mapping
from cnnhw.formats.timeloop.problem import read_problem, write_problem
from cnnhw.formats.yamlfile import read_yaml, write_yaml
from cnnhw.machine import Machine
from cnnhw.nest import Nest
from cnnhw.shape import LayerShape

PARTS = ("problem", "architecture", "mapping")


@dataclass(frozen=True)
class Design:
    """What files of Timeloop say together.

    shape, machine, nest  None where no file says it
    blocks                level -> words in a vector: the tool charges an access for each vector begun
    left_out              components that hold no words
    """

    shape: LayerShape | None
    machine: Machine | None
    nest: Nest | None
    blocks: dict[str, int]
    left_out: tuple[str, ...]


def from_timeloop(*paths: str | Path) -> Design:
    """Read files of Timeloop, version 0.4: a problem, an architecture and a mapping, in any of them.

    paths    of YAML files. Other parts, such as mapper or components, are not read
    returns  Design. The first dim of outputs with a window is E, unless it is called Q, F or OX; a factor 0
             is what is left of a dim; without a line about data spaces a level keeps all. Padding does not
             exist in the tool: P = 0
    raises   CourseError for what no file says, is no YAML, or cannot be a layer, a Machine or a Nest. What
             the tool alone can work out, such as templates, is refused, too
    source   the files of the tool's exercises, public on GitHub
    """
    found = {}
    for path in paths:
        for part, value in read_yaml(path).items():
            if part not in PARTS:
                continue
            if part in found:
                raise CourseError(
                    "each part is said once", f"{part} again in {Path(path).name}", "give one file"
                )
            found[part] = value
    if not found or ("mapping" in found and len(found) < len(PARTS)):
        raise CourseError(
            "a mapping is of a problem on an architecture",
            f"{', '.join(found) or 'none of them'}",
            "give the files of all three",
        )
    problem = read_problem(found["problem"]) if "problem" in found else None
    hardware = read_architecture(found["architecture"]) if "architecture" in found else None
    nest = (
        read_mapping(found["mapping"], problem, hardware.machine, hardware.single)
        if "mapping" in found
        else None
    )
    return Design(
        problem and problem.shape,
        hardware and hardware.machine,
        nest,
        hardware.blocks if hardware else {},
        hardware.left_out if hardware else (),
    )


def to_timeloop(nest: Nest, machine: Machine, path: str | Path) -> None:
    """Write a nest, its layer and its machine as one file that Timeloop's model runs.

    nest     any whose chunks are whole chunks of those inside: where sizes leave a rest, the factor has one,
             which the tool takes in its "ruby" map space
    machine  of levels that are one memory each. Costs, bandwidths and names of sources are not carried
    path     where to; an existing file is replaced
    raises   CourseError, before anything is written, for what the tool has no words for
    """
    nest = nest.on(machine)
    values = {
        "problem": write_problem(nest.shape),
        "architecture": write_architecture(machine, nest),
        "mapping": write_mapping(nest),
    }
    write_yaml(path, values)
