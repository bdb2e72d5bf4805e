"""What the open exercises of notebook 03_convolution want: the rule itself, no answer."""

from cnnhw.checks.exercise import Open
from cnnhw.shape import LayerShape


def draw_layer(shape):
    """Draw the layer's sizes."""
    from cnnhw.pictures.networks.layer_card import layer_card

    return layer_card(shape)


NOTEBOOK = "03_convolution"


OPENS = (
    Open(
        name="designed",
        notebook=NOTEBOOK,
        points=3,
        rule="a LayerShape(M=..., C=3, H=52, W=42, R=..., ...) within the budgets",
        wants=LayerShape,
        properties=(
            ("it takes one image of 3 channels, 52 x 42", lambda s: (s.N, s.C, s.H, s.W) == (1, 3, 52, 42)),
            ("it has one stride and one padding, and no dilation", lambda s: s.is_even),
            ("it makes at least 12 ofmap channels", lambda s: s.M >= 12),
            ("its ofmap has at least 500 words a channel", lambda s: s.E * s.F >= 500),
            ("its filters are at least 5 x 5", lambda s: min(s.R, s.S) >= 5),
            ("every ifmap word is read", lambda s: s.ifmap_words_read == s.ifmap_words),
            ("it has at most 500,000 MACs", lambda s: s.macs <= 500_000),
            ("it has at most 1,000 weights", lambda s: s.filter_words <= 1_000),
        ),
        score=lambda shape: shape.macs,
        unit="MACs",
        bar=500_000,
        best=(12 * 500 * 5 * 5, "12 channels of 500 words, each made of 5 x 5 words of a single channel"),
        draw=draw_layer,
        seconds=30.0,
    ),
)
