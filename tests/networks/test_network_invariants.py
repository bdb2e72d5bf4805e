"""What holds for every network: sums, batches, and the way to a CSV file and back."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from drawn import layer_shapes
from hypothesis import given
from hypothesis import strategies as st

from cnnhw import CourseError, LayerShape, ShapeError, networks

# A layer's name can be anything but spaces at its ends, which a CSV cell does not keep.
names = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1).map(
    lambda text: f"n{text}n"
)


@st.composite
def drawn_networks(draw):
    N = draw(st.integers(1, 5))
    fc = st.builds(LayerShape.fc, M=st.integers(1, 7), C=st.integers(1, 7), H=st.integers(1, 3))
    shapes = draw(st.lists(layer_shapes() | fc, min_size=1, max_size=5))
    labels = draw(st.lists(names, min_size=len(shapes), max_size=len(shapes), unique=True))
    layers = {label: replace(shape, N=N) for label, shape in zip(labels, shapes, strict=True)}
    called_conv = {label for label, shape in layers.items() if shape.is_fc and draw(st.booleans())}
    return networks.Network(name="drawn", layers=layers, called_conv=called_conv)


@given(drawn_networks())
def test_sums_are_those_of_conv_and_fc(network):
    for total, part in ((network.macs, "macs"), (network.filter_words, "filter_words")):
        assert total == sum(getattr(shape, part) for shape in network.layers.values())
        kinds = (network.conv, network.fc)
        assert total == sum(getattr(shape, part) for kind in kinds for shape in kind.values())
    assert set(network.conv) | set(network.fc) == set(network.layers)
    assert not set(network.conv) & set(network.fc)
    assert all(shape.E == shape.F == 1 for shape in network.fc.values())


@given(drawn_networks(), st.integers(1, 11))
def test_a_batch_scales_macs_but_not_weights(network, N):
    batch = network.with_batch(N)
    assert batch.macs * network.N == network.macs * N
    assert batch.filter_words == network.filter_words
    assert list(batch.conv) == list(network.conv)
    assert batch.N == N and batch.with_batch(network.N) == network


@given(drawn_networks())
def test_csv_and_back(network):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "drawn.csv"
        networks.to_csv(network, path)
        again = networks.from_csv(path)
    assert list(again.layers.items()) == list(network.layers.items())
    assert (again.conv, again.fc, again.glue) == (network.conv, network.fc, None)


@pytest.mark.parametrize("network", networks.all_networks(), ids=lambda network: network.name)
def test_the_course_s_networks_to_csv_and_back(network, tmp_path):
    networks.to_csv(network.with_batch(3), tmp_path / "again.csv")
    again = networks.from_csv(
        tmp_path / "again.csv", name=network.name, title=network.title, source=network.source
    )
    assert again == network.with_batch(3)


def test_alexnet_batch_16():
    assert networks.alexnet().with_batch(16).macs == 16 * 724_406_816


@pytest.mark.parametrize("N", [0, -1, 1.5, "2"])
def test_a_batch_is_a_whole_number(N):
    with pytest.raises(ShapeError, match="N must be a whole number, 1 or more"):
        networks.alexnet().with_batch(N)


def test_from_layers_names_a_list():
    conv, fc = LayerShape(M=5, C=3, H=7, R=3), LayerShape.fc(M=11, C=5, H=5)
    assert dict(networks.from_layers("mine", [conv, fc]).layers) == {"CONV1": conv, "FC2": fc}
    assert list(networks.from_layers("mine", {"a": conv, "b": fc}).fc) == ["b"]


CONV = LayerShape(M=5, C=3, H=7, R=3)


@pytest.mark.parametrize(
    ("layers", "lines"),
    [
        (
            [],
            [
                "a network needs at least one layer",
                "  got 'mine' with no layers",
                "  give a mapping of layer name to LayerShape, or a list of LayerShapes",
            ],
        ),
        (
            CONV,
            [
                "the layers of a network are a mapping or a list",
                f"  got {CONV!r}",
                "  write [LayerShape(...), ...] or {'CONV1': LayerShape(...), ...}",
            ],
        ),
        (
            [CONV, (5, 3)],
            [
                "every layer of a network is a LayerShape",
                "  got CONV2 = (5, 3)",
                "  write LayerShape(M=..., C=..., H=..., R=...) or LayerShape.fc(M=..., C=...)",
            ],
        ),
        (
            {"a": replace(CONV, N=2), "b": CONV},
            [
                "all layers of a network work on the same batch",
                "  got b with N=1 after layers with N=2",
                "  use N=2 throughout, then network.with_batch(N) for another batch",
            ],
        ),
    ],
)
def test_layers_that_make_no_network(layers, lines):
    with pytest.raises(CourseError) as error:
        networks.from_layers("mine", layers)
    assert str(error.value).splitlines() == lines
