"""One explorer per idea: controls above one of the course's pictures."""

from cnnhw.widgets.layer_shape import explore_layer_shape
from cnnhw.widgets.sliding_window import explore_sliding_window

__all__ = ["explore_layer_shape", "explore_sliding_window"]
