"""The player: a trace of the emulator as an array of PEs that plays, pauses, steps and can be asked.

It is HTML with its own script inside, so the same output works in JupyterLab with a kernel or without one, in
an exported page, and without a network. Where no script runs, a picture of the first cycle is shown instead.
"""

from cnnhw.widgets.player.player import Player, play

__all__ = ["Player", "play"]
