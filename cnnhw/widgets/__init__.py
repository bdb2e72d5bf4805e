"""One explorer per idea: controls above one of the course's pictures."""

from cnnhw.widgets.comparison import explore_dataflows
from cnnhw.widgets.fft import explore_fft_crossover
from cnnhw.widgets.fitting import explore_fitting
from cnnhw.widgets.layer_shape import explore_layer_shape
from cnnhw.widgets.nest import explore_nest
from cnnhw.widgets.player import play
from cnnhw.widgets.reuse import explore_reuse
from cnnhw.widgets.sliding_window import explore_sliding_window
from cnnhw.widgets.toeplitz import explore_toeplitz
from cnnhw.widgets.winograd import explore_winograd

__all__ = [
    "explore_dataflows",
    "explore_fft_crossover",
    "explore_fitting",
    "explore_layer_shape",
    "explore_nest",
    "explore_reuse",
    "explore_sliding_window",
    "explore_toeplitz",
    "explore_winograd",
    "play",
]
