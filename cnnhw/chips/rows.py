"""Tables that ship with this room: what papers print, kept as the text they print."""

import csv
from pathlib import Path

HERE = Path(__file__).parent


def rows(name: str) -> list[dict[str, str]]:
    """Read a table.

    name     of a CSV file beside this one
    returns  a dict for each row: column -> text
    """
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
