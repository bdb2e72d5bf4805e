"""Mutants that differ from a right answer and may keep their points, each with the reason why.

The key is (exercise, description as `cnnhw exercises --mutants` prints it).
"""

SURVIVORS: dict[tuple[str, str], str] = {}
