"""A network as a CSV file: one row a layer, one column a letter of LayerShape."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from cnnhw.errors import CourseError
from cnnhw.networks.network import Network
from cnnhw.networks.textfile import text_of
from cnnhw.shape import LayerShape

REQUIRED = ("layer", "M", "C", "H", "R")
SIZES = ("N", "M", "C", "H", "W", "R", "S", "U", "P", "G")
COLUMNS = ("layer", "type", *SIZES, "D", "shares", "then", "note")
SLIDES = {"U": (1, 2), "D": (1, 2), "P": (1, 2, 4)}  # how many numbers say a stride, a dilation, a padding


def from_csv(path: str | Path, *, name: str = "", title: str = "", source: str = "") -> Network:
    """Read a network from a CSV file.

    path     UTF-8 text with a header. Columns layer, M, C, H, R are needed; N, W, S, U, P, G, D are optional
             and an empty cell means LayerShape's default (N=1, W=H, S=R, U=1, P=0, G=1, D=1). C is all ifmap
             channels, M all filters. U, P and D may be "2 1", down and across, and P "0 1 2 2", above, below,
             left and right. type is CONV or FC. shares names an earlier layer with the same filters. then,
             for chains, is what follows the layer, such as "relu; max_pool 3/2". note is not read.
    name     defaults to the file's name without its ending
    title, source   as in Network; source defaults to the file's name
    returns  Network
    raises   CourseError, with file, line and column, for anything that is not so
    """
    path = Path(path)
    rows = _rows(path)
    layers, called_conv, glue = {}, set(), {}
    for line, row in rows:
        where = f"{path.name}, line {line}"
        label = _label(row, layers, where)
        layers[label] = _shape(row, where)
        if _called_conv(row, layers[label], where):
            called_conv.add(label)
        glue[label] = tuple(step.strip() for step in row.get("then", "").split(";") if step.strip())
    return _network(
        path,
        layers,
        {
            "name": name or path.stem,
            "title": title,
            "source": source or path.name,
            "glue": glue if any("then" in row for _, row in rows) else None,
            "called_conv": frozenset(called_conv),
            "shared": {row["layer"]: row["shares"] for _, row in rows if row.get("shares")},
        },
    )


def to_csv(network: Network, path: str | Path) -> None:
    """Write a network as a CSV file that from_csv reads back to the same layers.

    network  any Network
    path     where to; an existing file is replaced
    """
    sizes = SIZES + (("D",) if any(shape.D != 1 for shape in network.layers.values()) else ())
    more = (("shares",) if network.shared else ()) + (("then",) if network.glue is not None else ())
    columns = ("layer", "type", *sizes, *more)
    with Path(path).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for label, shape in network.layers.items():
            kind = "FC" if label in network.fc else "CONV"
            row = [label, kind, *(_cell(getattr(shape, size)) for size in sizes)]
            row += [network.shared.get(label, "")] if network.shared else []
            writer.writerow(row + (["; ".join(network.glue[label])] if network.glue is not None else []))


def _rows(path: Path) -> list[tuple[int, Mapping[str, str]]]:
    """Every row that is not blank, with its line number in the file."""
    text = io.StringIO(text_of(path, "the CSV file of a network"), newline="")
    reader = csv.DictReader(text, restkey="", restval="", skipinitialspace=True)
    rows = []
    for row in _lines(reader, path):
        if row.pop("", None):
            raise CourseError(
                "a row must not be longer than the header",
                f"{path.name}, line {reader.line_num}: more than {len(reader.fieldnames)} cells",
                "remove the extra commas, or put quotes around a cell that contains one",
            )
        rows.append((reader.line_num, {column: cell.strip() for column, cell in row.items()}))
    return [(line, row) for line, row in rows if any(row.values())]


def _lines(reader: csv.DictReader, path: Path) -> Iterator[dict[str, str]]:
    """The rows after the header, which is checked first."""
    try:
        reader.fieldnames = [column.strip() for column in reader.fieldnames or ()]
        _check_header(reader.fieldnames, path)
        yield from reader
    except csv.Error as error:
        raise CourseError(
            "the file of a network must be comma-separated values",
            f"{path.name}, line {reader.line_num}: {error}",
            "open it in a text editor and compare it with cnnhw/networks/alexnet.csv",
        ) from None


def _check_header(columns: list[str], path: Path) -> None:
    missing = [column for column in REQUIRED if column not in columns]
    unknown = [column for column in columns if column not in COLUMNS]
    twice = sorted({column for column in columns if columns.count(column) > 1})
    for rule, wrong in (
        (f"the header must have the columns {', '.join(REQUIRED)}", missing),
        ("every column must be one that is known, so that a typing error is not lost", unknown),
        ("a column must not appear twice", twice),
    ):
        if wrong:
            what = "no column" if wrong is missing else "the column"
            raise CourseError(
                rule,
                f"{path.name}, line 1: {what} {', '.join(repr(column) for column in wrong)}",
                f"known columns are {', '.join(COLUMNS)}, separated by commas; put remarks under note",
            )


def _label(row: Mapping[str, str], layers: Mapping[str, LayerShape], where: str) -> str:
    label = row["layer"]
    if not label or label in layers:
        raise CourseError(
            "every layer needs a name of its own",
            f"{where}, column layer: " + (f"{label!r} again" if label else "an empty cell"),
            "give each row another name, such as CONV1, CONV2, FC3",
        )
    return label


def _shape(row: Mapping[str, str], where: str) -> LayerShape:
    sizes = {column: _sizes(row[column], column, where) for column in (*SIZES, "D") if row.get(column)}
    for column in REQUIRED[1:]:
        if column not in sizes:
            raise CourseError(
                f"{column} of a layer must be given",
                f"{where}, column {column}: an empty cell",
                f"fill in {column}",
            )
    try:
        return LayerShape(**sizes)
    except CourseError as error:
        raise type(error)(error.rule, f"{where}: {error.got}", error.change) from None


def _cell(size: int | tuple) -> str:
    """Write a size, or several from the outside in: rows before columns."""
    return str(size) if isinstance(size, int) else " ".join(_cell(one) for one in size)


def _sizes(cell: str, column: str, where: str) -> int | tuple:
    """Read what _cell wrote."""
    numbers = [_size(one, column, where) for one in cell.split()]
    if len(numbers) not in SLIDES.get(column, (1,)):
        known = " or ".join(map(str, SLIDES.get(column, (1,))))
        raise CourseError(
            f"{column} is said by {known} number{'s' * (known != '1')}",
            f"{where}, column {column}: {cell!r}",
            "write one number for all, or rows before columns, as in 2 1",
        )
    if len(numbers) == 4:
        return tuple(numbers[:2]), tuple(numbers[2:])
    return numbers[0] if len(numbers) == 1 else tuple(numbers)


def _size(cell: str, column: str, where: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,18}", cell):
        raise CourseError(
            f"{column} must be a whole number",
            f"{where}, column {column}: {cell!r}",
            f"write {column} in digits only",
        )
    return int(cell)


def _called_conv(row: Mapping[str, str], shape: LayerShape, where: str) -> bool:
    """Whether the file calls the layer CONV although its filter covers the whole ifmap."""
    kind = row.get("type", "").upper()
    if kind not in ("", "CONV", "FC"):
        raise CourseError(
            "type is CONV or FC",
            f"{where}, column type: {row['type']!r}",
            "write CONV, FC, or leave it empty",
        )
    if kind == "FC" and not shape.is_fc:
        raise CourseError(
            "the filter of an FC layer covers its whole ifmap: H = R, W = S, P = 0, G = 1",
            f"{where}, column type: FC with H={shape.H}, W={shape.W}, R={shape.R}, S={shape.S}, P={shape.P}",
            "write CONV, or set R to H, S to W and P to 0",
        )
    return kind == "CONV" and shape.is_fc


def _network(path: Path, layers: Mapping[str, LayerShape], about: Mapping) -> Network:
    try:
        return Network(layers=layers, **about)
    except CourseError as error:
        raise type(error)(error.rule, f"{path.name}: {error.got}", error.change) from None
