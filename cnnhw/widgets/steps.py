"""An explorer with sizes to choose and steps to take: Back, Next and Play."""

import ipywidgets

from cnnhw.widgets.live import Explorer, slider

Start = tuple[int, int]  # a slider's first and largest value; the smallest is 1


class SteppedExplorer(Explorer):
    """Sliders for H, R and U of a square layer, and a step that Back, Next and Play change.

    `more` are controls that stand below the sliders.

    A subclass says in `steps` how many there are, and in `picture` what one of them shows.
    """

    def __init__(self, H: Start, R: Start, U: Start, moves: str, more: tuple[ipywidgets.Widget, ...] = ()):
        self.H = slider("H, ifmap height", H[0], 1, H[1])
        self.R = slider("R, filter height", R[0], 1, R[1])
        self.U = slider("U, stride", U[0], 1, U[1])
        first, count = self.steps()
        # Its own buttons have no names; it takes the steps out of sight, and a button of ours starts it.
        hidden = ipywidgets.Layout(display="none")
        self.step = ipywidgets.Play(value=first, min=0, max=count - 1, interval=900, layout=hidden)
        self.back, self.next = self._button("Back", -1, moves), self._button("Next", +1, moves)
        self.play = ipywidgets.Button(description="Play", tooltip=f"Play: {moves} by itself")
        self.play.on_click(self._started_or_stopped)
        self.step.observe(self._plays, names="playing")
        sizes = [self.H, self.R, self.U, *more]
        for size in sizes:
            size.observe(self._resized, names="value")
        buttons = ipywidgets.HBox([self.back, self.next, self.play, self.step])
        super().__init__([self.step], layout=[*sizes, buttons])

    def steps(self) -> tuple[int, int]:
        """Give the step to begin with at these sizes, and the number of steps."""
        raise NotImplementedError("a stepped explorer knows its steps")

    def _resized(self, _change) -> None:
        first, count = self.steps()
        with self.together():
            self.step.value = (
                0  # the new first step may lie beyond the old maximum, the old one beyond the new
            )
            self.step.max = count - 1
            self.step.value = first

    def _started_or_stopped(self, _button) -> None:
        if not self.step.playing and self.step.value == self.step.max:
            self.step.value = self.step.min
        self.step.playing = not self.step.playing

    def _plays(self, change) -> None:
        self.play.description = "Pause" if change["new"] else "Play"

    def _button(self, name: str, by: int, moves: str) -> ipywidgets.Button:
        button = ipywidgets.Button(description=name, tooltip=f"{name}: {moves} by one")

        def pressed(_button) -> None:
            self.step.value = min(max(self.step.value + by, self.step.min), self.step.max)

        button.on_click(pressed)
        return button
