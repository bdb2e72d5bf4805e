"""What an algorithm does to convolve one layer: operations on words, and the words it must store."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, kw_only=True)
class Operations:
    """The operations and the storage of one algorithm on one layer.

    multiplications         of two words, for the whole batch
    additions               and subtractions of two words, for the whole batch
    filter_multiplications  to transform the filters, which can be done once and kept
    filter_additions        likewise
    filter_words            words of the filters as stored: transformed or expanded, if the algorithm does so
    workspace_words         words of the largest temporary: an expanded ifmap, tiles, spectra

    A complex number is two words. An operation on it is the operations on its words.

    >>> Operations(multiplications=6, additions=5) + Operations(additions=1)
    Operations(multiplications=6, additions=6)
    """

    multiplications: int = 0
    additions: int = 0
    filter_multiplications: int = 0
    filter_additions: int = 0
    filter_words: int = 0
    workspace_words: int = 0

    @property
    def total(self) -> int:
        """Multiplications and additions, the filters' transform left out: what each inference pays."""
        return self.multiplications + self.additions

    def __add__(self, other: "Operations") -> "Operations":
        if not isinstance(other, Operations):
            return NotImplemented
        sums = {field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)}
        workspace = max(self.workspace_words, other.workspace_words)  # one after the other, in the same place
        return Operations(**sums | {"workspace_words": workspace})

    def repeated(self, times: int) -> "Operations":
        """Give the operations of doing the same `times` times, one after the other in the same workspace.

        times    a whole number
        returns  Operations; everything but the workspace grows

        >>> Operations(additions=2, workspace_words=7).repeated(3)
        Operations(additions=6, workspace_words=7)
        """
        values = {field.name: getattr(self, field.name) * times for field in fields(self)}
        return Operations(**values | {"workspace_words": self.workspace_words})

    def __repr__(self) -> str:
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        return f"Operations({', '.join(f'{name}={value}' for name, value in values if value)})"
