"""`cnnhw dataflows`: ISCA 2016 beside computed numbers, and each formula beside its nest."""

import argparse
import importlib.util
import textwrap
from collections.abc import Iterable
from inspect import isabstract
from pathlib import Path

from cnnhw import networks
from cnnhw.dataflows import DATAFLOWS, Comparison, Dataflow, compare
from cnnhw.errors import CourseError
from cnnhw.experiments.isca2016 import BARS, bars, claims, plans, sweep
from cnnhw.mapper import Plan

WIDTH = 100  # columns of the terminal
_BAR = "  {:<8}{:>12}{:>12}{:>14}"
_WORDS = "    {:<6}{:<8}{:>18}{:>18}{:>18}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `cnnhw dataflows`."""
    parser.add_argument(
        "--layer", help="a layer of AlexNet, such as CONV3: formulas beside nests, with reasons"
    )
    parser.add_argument("--pes", type=int, default=256, help="PEs of the array, for --layer (256)")
    parser.add_argument("--batch", type=int, default=16, metavar="N", help="images, for --layer (16)")
    parser.add_argument(
        "--also", action="append", default=[], metavar="FILE", help="a file with a Dataflow of your own"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the twelve published bars and the claims, or the words of one layer.

    arguments  .layer, a name or None; .pes and .batch; .also, files with dataflows that join
    returns    exit code 0; a claim that does not hold is a finding, not a failure
    raises     CourseError if AlexNet has no such layer, a size cannot be, or a file has no dataflow
    """
    for path in arguments.also:
        DATAFLOWS.update({dataflow.name: dataflow for dataflow in own_dataflows(path)})
    layer = arguments.layer
    lines = comparison() if layer is None else differences(layer, arguments.pes, arguments.batch)
    print("\n".join(lines))
    return 0


def comparison() -> Iterable[str]:
    """Give the twelve bars of the survey's figures 33 and 34 beside computed ones, and the paper's claims."""
    yield "AlexNet, 256 PEs, N=16: energy per MAC over that of RS, by the published formulas"
    for computed in bars():
        yield "\n" + _BAR.format(computed.kind, "published", "computed", "within 0.01")
        for name, ratio in computed.relative().items():
            yield _bar(name, BARS[computed.kind].get(name), ratio)
            if name in computed.refused:
                yield from textwrap.indent(str(computed.refused[name]), " " * 12).splitlines()
    yield "\nClaims, over 256, 512 and 1024 PEs and batches of 1, 16 and 64"
    for claim in claims(sweep()):
        yield f"  {'holds' if claim.holds else 'fails'}: {claim.text}: {claim.computed}"


def _bar(name: str, published: float | None, computed: float | None) -> str:
    """Give the line of one bar; a reader's own dataflow has none published, and may have no plan."""
    ratio = "no plan" if computed is None else f"{computed:.3f}"
    if published is None:
        return _BAR.format(name, "none", ratio, "")
    near = "yes" if round(abs(computed - published), 2) <= 0.01 else "no"
    return _BAR.format(name, f"{published:g}", ratio, near)


def own_dataflows(path: str) -> list[Dataflow]:
    """Give the dataflows of a reader's own that a Python file defines.

    path    of the file; it is run
    raises  CourseError if there is no such file, or no class of its own in it is a Dataflow
    """
    file = Path(path)
    if not file.is_file():
        raise CourseError("--also names a Python file", path, "give the path of a file that is there")
    spec = importlib.util.spec_from_file_location(f"own_{file.stem}", file)
    if spec is None:
        raise CourseError("--also names a Python file", path, "give a file whose name ends in .py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    own = [kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, Dataflow)]
    found = [kind() for kind in own if kind.__module__ == module.__name__ and not isabstract(kind)]
    if not found:
        raise CourseError(
            "a file given with --also defines a Dataflow of its own",
            f"{path} without one",
            "write a subclass of cnnhw.dataflows.Dataflow with its method loops",
        )
    return found


def differences(layer: str, pes: int, N: int) -> Iterable[str]:
    """Give, for each dataflow, the words of its formula and of its nest on one layer, and why they differ.

    layer   of AlexNet
    pes, N  array size and batch for which the best parameters are searched, as ISCA 2016 did
    raises  CourseError if AlexNet has no such layer
    """
    network = networks.alexnet().with_batch(N)
    if layer not in network.layers:
        known = ", ".join(network.layers)
        raise CourseError("AlexNet has eight layers", f"--layer {layer}", f"use one of {known}")
    yield f"AlexNet {layer}, {pes} PEs, N={N}: words moved, by the formula and by count(nest)"
    for name in DATAFLOWS:
        plan = plans(name, network, pes)[layer]
        if isinstance(plan, Plan):
            chosen = ", ".join(f"{letter}={value}" for letter, value in plan.parameters.items())
            yield f"\n  {name} with {chosen}"
            if not plan.dataflow.published_form:
                yield "    no published form; by the nest:"
                yield from textwrap.indent(repr(plan.energy), " " * 4).splitlines()
                continue
            yield _WORDS.format("", "", "formula", "nest", "difference")
            for row in compare(plan.dataflow, plan.shape, plan.parameters, plan.machine):
                yield from _row(row)
        else:
            yield f"\n  {name}: {plan}"


def _row(row: Comparison) -> Iterable[str]:
    """Give one line of numbers, and one for each reason; what no reason explains is said too."""
    numbers = (f"{value:,.0f}" for value in (row.published, row.exact, row.difference))
    yield _WORDS.format(row.level, row.tensor, *numbers)
    reasons = [f"{reason.words:+,.0f}: {reason.why}" for reason in row.reasons]
    if row.unexplained:
        reasons.append(f"{row.unexplained:+,.0f}: not explained")
    for reason in reasons:
        yield from textwrap.wrap(reason, WIDTH, initial_indent=" " * 12, subsequent_indent=" " * 16)
