"""What every explorer does: draw again when a control moves, and show an impossible choice as words."""

import html
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import ipywidgets

from cnnhw.errors import CourseError
from cnnhw.pictures import Picture

LEGIBLE = "40em"  # chosen so that a letter of the widest picture is 10 pixels high on a telephone
_DESCRIPTION = {"description_width": "11em"}


def slider(description: str, value: int, least: int, most: int) -> ipywidgets.IntSlider:
    """Make a labelled slider for a size; arrow keys move it by one."""
    return ipywidgets.IntSlider(
        value=value, min=least, max=most, description=description, style=_DESCRIPTION,
        layout=wide(),
    )  # fmt: skip


def wide() -> ipywidgets.Layout:
    """Give the width of a control with its label; on a narrow page it takes what there is."""
    return ipywidgets.Layout(width="28em", max_width="98%")


def dropdown(description: str, options) -> ipywidgets.Dropdown:
    """Make a labelled list of which one entry is chosen, the first to begin with."""
    return ipywidgets.Dropdown(options=options, description=description, style=_DESCRIPTION, layout=wide())


class Explorer(ipywidgets.VBox):
    """Controls above a picture that follows them.

    A subclass makes its controls, gives them to __init__, and says in `picture` what they show. The picture
    goes into an HTML widget as a whole: no Output widget, so nothing is left over from the move before.
    """

    def __init__(self, controls: list[ipywidgets.Widget], layout: list[ipywidgets.Widget] | None = None):
        self.view = ipywidgets.HTML()
        self._quiet = False
        super().__init__([*(layout or controls), self.view])
        for control in controls:
            control.observe(self._moved, names="value")
        self._show()

    def picture(self) -> tuple[Picture, str]:
        """Give the picture for the controls as they stand, and a line of text to go below it.

        raises   CourseError for an impossible choice; the explorer shows its three lines
        """
        raise NotImplementedError("an explorer says what it shows")

    @contextmanager
    def together(self) -> Iterator[None]:
        """Let several controls change with one drawing at the end."""
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False
        self._show()

    def _moved(self, _change) -> None:
        if not self._quiet:
            self._show()

    def _show(self) -> None:
        self.view.value = _as_html(self.picture)


def _as_html(picture: Callable[[], tuple[Picture, str]]) -> str:
    try:
        drawing, note = picture()
    except CourseError as error:
        return as_three_lines(error)
    # On a narrow page letters stay large enough, and what does not fit is scrolled to, also with the keys.
    shown = drawing._repr_html_().replace("max-width:100%", f"max-width:max(100%, {LEGIBLE})", 1)
    return (
        f'<div tabindex="0" role="group" aria-label="picture" style="overflow-x:auto">{shown}</div>'
        f'<p aria-live="polite">{html.escape(note)}</p>'
    )


def as_three_lines(error: CourseError) -> str:
    """Give an error as HTML that is read aloud at once; long lines wrap."""
    text = html.escape(f"{type(error).__name__}: {error}")
    return f'<pre role="alert" style="line-height:1.4;white-space:pre-wrap">{text}</pre>'
