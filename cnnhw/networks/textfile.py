"""A text file that a reader brings, or three lines about why it cannot be read."""

from pathlib import Path

from cnnhw.errors import CourseError


def text_of(path: str | Path, what: str) -> str:
    """Read a file of UTF-8 text.

    path    of the file; a byte-order mark, which spreadsheets put first, is left out
    what    it is, for the error: "the CSV file of a network"
    raises  CourseError if it cannot be read, or is no UTF-8
    """
    path = Path(path)
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CourseError(
            f"{what} must be readable",
            f"{path} ({error.strerror or error})",
            "check the folder and the spelling; a relative path starts at the current folder",
        ) from None
    except UnicodeDecodeError as error:
        raise CourseError(
            f"{what} must be UTF-8 text",
            f"{path.name}, byte {error.start}: {error.reason}",
            'save it as UTF-8; a spreadsheet calls it "CSV UTF-8"',
        ) from None
