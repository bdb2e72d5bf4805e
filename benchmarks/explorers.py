"""How long each explorer takes to open and to move; the goal is 100 ms a move. Run as a module."""

from benchmarks.rounds import seconds_of
from cnnhw import widgets


def controls(explorer) -> list:
    """Give the explorer's controls that can be moved: those with a range or with options."""
    found = (value for value in vars(explorer).values() if hasattr(value, "value"))
    return [control for control in found if hasattr(control, "max") or getattr(control, "options", None)]


def move(control) -> None:
    """Take a control to its other end."""
    if hasattr(control, "max"):
        control.value = control.min if control.value == control.max else control.max
    else:
        values = [option[1] if isinstance(option, tuple) else option for option in control.options]
        control.value = values[0] if control.value == values[-1] else values[-1]


def main() -> None:
    """Print a line for each explorer: opening, and the slowest of its moves."""
    for name in sorted(name for name in widgets.__all__ if name.startswith("explore_")):
        made = []
        opening = seconds_of(lambda name=name, made=made: made.append(getattr(widgets, name)()))
        moves = [seconds_of(lambda control=control: move(control)) for control in controls(made[0])]
        print(
            f"{name:28s} {1000 * opening:6.0f} ms to open, {1000 * max(moves):6.0f} ms for the slowest move"
        )


if __name__ == "__main__":
    main()
