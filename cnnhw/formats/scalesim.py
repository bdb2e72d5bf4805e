"""SCALE-Sim's topology files: one row a layer, as a convolution or as a matrix product."""

import re
from collections.abc import Iterator
from pathlib import Path

from cnnhw.errors import CourseError
from cnnhw.formats import grouped
from cnnhw.formats.stored import needed
from cnnhw.networks import Network
from cnnhw.networks.textfile import text_of
from cnnhw.shape import LayerShape

CONV = (
    "Layer name", "IFMAP Height", "IFMAP Width", "Filter Height", "Filter Width", "Channels", "Num Filter",
    "Strides",
)  # fmt: skip
GEMM = ("Layer name", "M", "N", "K")
DEPTHWISE = "DP"  # in a name: the tool gives each channel filters of its own
_DENSE = re.compile(r"([0-9]+):\1")


def from_scalesim(path: str | Path, *, gemm: bool = False, name: str = "") -> Network:
    """Read a network from a topology file of SCALE-Sim.

    path     UTF-8 text. The first line is a header, which is not read; each further one is a layer, its cells
             ended by commas. A convolution's cells are CONV, or with one more for the stride across, and a
             ratio of sparsity after them; those of a product of M x K and K x N are GEMM
    gemm     whether the rows are matrix products; the file itself does not say
    name     defaults to the file's name without its ending
    returns  Network of batch 1. A name with "DP" in it is a depthwise layer, as in the tool. Rows named
             "X_group_1_of_2" and "X_group_2_of_2" are one layer X. A product is a layer of 1x1 filters on M
             rows of one word, or a fully connected one if M is 1
    raises   CourseError, with file and line, for anything that is not so, and for sparsity

    The tool knows no padding: the ifmap is as high as it is with its zeros. Where the stride leaves a rest it
    rounds the ofmap up, and reads beyond the ifmap; here that is padding below and on the right.
    """
    path = Path(path)
    found = grouped.joined(_rows(path, gemm), f"{path.name}, at its end")
    if not found:
        raise _error("a topology file has a header and a row for each layer", path.name, "no layer")
    return Network(name=name or path.stem, layers=found, source=f"{path.name}, SCALE-Sim")


def to_scalesim(network: Network, path: str | Path, *, gemm: bool = False) -> None:
    """Write a network as a topology file that SCALE-Sim 3 runs.

    network  of batch 1; as matrix products, of any batch
    path     where to; an existing file is replaced
    gemm     whether to write each layer as its matrix product, N*E*F x C/G*R*S by C/G*R*S x M/G
    raises   CourseError, before anything is written, for what a row cannot say: two strides, dilation, a
             batch, a comma in a name, "DP" in the name of a layer that is not depthwise. As a matrix product
             any layer can be written

    Padding is stored: the ifmap is written with its zeros, without rows and columns that no window reaches,
    since the tool would make one ofmap word more of them. A layer of groups is a row for each group; a
    depthwise one is one row, with "DP" in its name.
    """
    Path(path).write_text(topology(network, gemm=gemm), encoding="utf-8", newline="\n")


def topology(network: Network, *, gemm: bool = False) -> str:
    """Give the text of the file that to_scalesim writes.

    raises  CourseError as to_scalesim does

    >>> layer = LayerShape(M=64, C=3, H=224, R=7, U=2, P=3)         # of 230 rows it needs 229
    >>> print(topology(Network(name="one", layers={"conv1": layer})).splitlines()[1])
    conv1,229,229,7,7,3,64,2,
    """
    rows = [row for label, shape in network.layers.items() for row in _written(label, shape, gemm)]
    return "".join(",".join(map(str, row)) + ",\n" for row in (GEMM if gemm else CONV, *rows))


def _written(label: str, shape: LayerShape, gemm: bool) -> Iterator[tuple]:
    """Give the rows of a layer."""
    if "," in label or label.splitlines() != [label] or label != label.strip():
        raise _refused(label, "a name without commas, line ends and spaces around it", repr(label))
    if grouped.is_group(label):
        raise _refused(label, 'a name that does not end in "_group_1_of_2"', repr(label))
    if gemm:
        sizes = (shape.N * shape.E * shape.F, shape.made, shape.ofmap_reuse)
        yield from ((name, *sizes) for name in grouped.names(label, shape.G))
        return
    for rule, value, wrong in (
        ("one image at a time", f"N={shape.N}", shape.N != 1),
        ("one stride", f"U={shape.U}", not isinstance(shape.U, int)),
        ("no dilation", f"D={shape.D}", shape.D != 1),
    ):
        if wrong:
            raise _refused(label, rule, value)
    depthwise = grouped.is_depthwise(shape)
    if DEPTHWISE in label and not depthwise:
        raise _refused(label, f'"{DEPTHWISE}" in the name of a depthwise layer alone', repr(label))
    across = needed(shape.rows), needed(shape.columns)
    for name in [f"{label} {DEPTHWISE}"] if depthwise else grouped.names(label, shape.G):
        channels = shape.C if depthwise else shape.seen
        yield name, *across, shape.R, shape.S, channels, shape.made, shape.U


def _refused(label: str, rule: str, value: str) -> CourseError:
    return CourseError(
        f"a row of SCALE-Sim has {rule}",
        f"{value} of {label}",
        "change the layer, or write matrix products with gemm=True" if "name" not in rule else "rename it",
    )


def _rows(path: Path, gemm: bool) -> Iterator[tuple[str, str, LayerShape]]:
    """Give line, name and layer of each row."""
    wanted = GEMM if gemm else CONV
    header, *lines = text_of(path, "a topology file").splitlines() or [""]
    if _is_row(header.split(","), wanted):
        raise _error(
            "the first line is a header, which SCALE-Sim does not read",
            f"{path.name}, line 1",
            repr(header),
            f"put {', '.join(wanted)}, before it",
        )
    for number, line in enumerate(lines, 2):
        if not line.strip():
            continue
        where = f"{path.name}, line {number}"
        *cells, rest = (cell.strip() for cell in line.split(","))
        if rest:
            raise _error(
                "a row ends with a comma, since SCALE-Sim drops what stands after the last one",
                where,
                repr(rest),
                "add a comma",
            )
        shape = _read(cells, wanted, where)
        yield where, cells[0].removesuffix(f" {DEPTHWISE}"), shape


def _is_row(cells: list[str], wanted: tuple) -> bool:
    numbers = [cell.strip() for cell in cells[1 : len(wanted)]]
    return len(numbers) == len(wanted) - 1 and all(re.fullmatch(r"[0-9]+", cell) for cell in numbers)


def _read(cells: list[str], wanted: tuple, where: str) -> LayerShape:
    cells = list(cells)
    if len(cells) > len(wanted) and ":" in cells[-1]:
        ratio = cells.pop()
        if not _DENSE.fullmatch(ratio):
            raise _error("layers are dense here", where, f"a ratio of {ratio}", "write 1:1")
    most = len(wanted) + (wanted is CONV)  # a stride for each axis
    if not len(wanted) <= len(cells) <= most or not cells[0]:
        raise _error(
            f"a row has {', '.join(wanted)}",
            where,
            f"{len(cells)} cells" if cells and cells[0] else "no name",
            "fill in one cell for each, with a comma after each",
        )
    names = (*wanted, "Strides")
    sizes = [_size(cell, name, where) for cell, name in zip(cells[1:], names[1:], strict=False)]
    if wanted is GEMM:
        M, N, K = sizes
        return LayerShape(M=N, C=K, H=M, W=1, R=1)
    *_, C, M, U = sizes[:7]
    G = C if DEPTHWISE in cells[0] else 1
    strides = (U, sizes[-1] if len(sizes) > 7 else U)
    P = tuple(
        (0, (filter_ - ifmap) % stride)  # up to the next full step, which the tool makes
        for ifmap, filter_, stride in zip(sizes[:2], sizes[2:4], strides, strict=True)
        if _fits(ifmap, filter_, where)
    )
    return LayerShape(M=M * G, C=C, H=sizes[0], W=sizes[1], R=sizes[2], S=sizes[3], U=strides, P=P, G=G)


def _fits(ifmap: int, filter_: int, where: str) -> bool:
    if filter_ > ifmap:
        raise _error(
            "a filter is not larger than the ifmap, which is written with its padding",
            where,
            f"{filter_} words on {ifmap}",
            "add the padding to IFMAP Height and IFMAP Width",
        )
    return True


def _size(cell: str, column: str, where: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", cell) or not int(cell):
        raise _error(
            f"{column} is a whole number, 1 or more", where, repr(cell), f"write {column} in digits only"
        )
    return int(cell)


def _error(rule: str, where: str, value: str, change: str = "add a row for each layer") -> CourseError:
    return CourseError(rule, f"{where}: {value}", change)
