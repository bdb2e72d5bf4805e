"""The shape of every error a reader can cause: the rule, the values, what to change."""


class CourseError(ValueError):
    """Say in three lines which rule was broken, by which values, and what to change.

    rule    what must hold, as a sentence
    got     the values that broke it
    change  what the reader can do

    >>> print(CourseError("a filter must fit", "R=5 but H + 2P = 3", "use R <= 3"))
    a filter must fit
      got R=5 but H + 2P = 3
      use R <= 3
    """

    def __init__(self, rule: str, got: str, change: str):
        super().__init__(rule, got, change)
        self.rule, self.got, self.change = rule, got, change

    def __str__(self) -> str:
        return f"{self.rule}\n  got {self.got}\n  {self.change}"


class ShapeError(CourseError):
    """A layer, or the arrays given for one, that cannot exist."""
