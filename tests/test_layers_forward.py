"""The forward pass through chains, against PyTorch, and what it refuses."""

import numpy as np
import pytest

from cnnhw import CourseError, LayerShape, ShapeError, layers, networks, tensors
from cnnhw.networks import Network

TINY = Network(
    name="tiny",
    layers={
        "CONV1": LayerShape(M=4, C=3, H=11, W=14, R=3, S=2, U=2, P=1),
        "CONV2": LayerShape(M=6, C=4, H=3, W=4, R=2, G=2),
        "FC3": LayerShape.fc(M=5, C=36),
    },
    glue={"CONV1": ("relu", "lrn", "max_pool 2/2"), "CONV2": ("avg_pool 1/1",), "FC3": ()},
)


def weights_of(network, seed=0, bias=True):
    return {
        name: (
            tensors.random_filters(shape, seed),
            tensors.generator(seed, 9).randint(-5, 6, size=shape.M) if bias else None,
        )
        for name, shape in network.layers.items()
    }


def test_forward_equals_pytorch_step_by_step():
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional
    weights = weights_of(TINY)
    ifmap = tensors.random_ifmap(TINY.with_batch(2).layers["CONV1"])
    steps = layers.forward(TINY, weights, ifmap, keep=True)
    assert list(steps) == [
        "CONV1",
        "CONV1 relu",
        "CONV1 lrn",
        "CONV1 max_pool 2/2",
        "CONV2",
        "CONV2 avg_pool 1/1",
        "FC3",
    ]
    torched = {n: [torch.from_numpy(a.astype(float)) for a in pair] for n, pair in weights.items()}
    x = functional.conv2d(torch.from_numpy(ifmap.astype(float)), *torched["CONV1"], stride=2, padding=1)
    assert np.array_equal(steps["CONV1"], x.numpy())
    x = functional.local_response_norm(x.relu(), 5, alpha=5e-4, beta=0.75, k=2.0)
    x = functional.conv2d(functional.max_pool2d(x, 2), *torched["CONV2"], groups=2)
    np.testing.assert_allclose(steps["CONV2"], x.numpy(), rtol=1e-10, atol=1e-10)
    scores = functional.linear(x.flatten(1), torched["FC3"][0].flatten(1), torched["FC3"][1]).numpy()
    np.testing.assert_allclose(layers.forward(TINY, weights, ifmap), scores, rtol=1e-10, atol=1e-10)


def test_whole_numbers_stay_whole_through_lenet5():
    network = networks.lenet5()
    ifmap = tensors.random_ifmap(network.layers["C1"])
    steps = layers.forward(network, weights_of(network, bias=False), ifmap, keep=True)
    assert {ofmap.dtype for ofmap in steps.values()} == {np.dtype(np.int64)}


def test_lenet5_with_its_shipped_weights_equals_pytorch():
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional
    weights = {n: [torch.tensor(a) for a in pair] for n, pair in tensors.lenet5_weights().items()}
    ifmap = tensors.digits_32x32(tensors.digits().test_images[:11])
    x = functional.conv2d(torch.from_numpy(ifmap), *weights["C1"]).relu()
    x = functional.conv2d(functional.max_pool2d(x, 2), *weights["C3"]).relu()
    x = functional.conv2d(functional.max_pool2d(x, 2), *weights["C5"]).relu()
    x = functional.conv2d(x, *weights["F6"]).relu()
    expected = functional.conv2d(x, *weights["OUT"]).flatten(1).numpy()
    scores = layers.forward(networks.lenet5(), tensors.lenet5_weights(), ifmap)
    np.testing.assert_allclose(scores, expected, rtol=1e-3, atol=1e-4)  # float32 sums in another order


def test_every_ofmap_of_lenet5_has_the_size_of_its_shape():
    network = networks.lenet5()
    ifmap = np.zeros((3, 1, 32, 32), dtype=np.float32)
    steps = layers.forward(network, tensors.lenet5_weights(), ifmap, keep=True)
    for name, shape in network.layers.items():
        assert steps[name].shape == (3, shape.M, shape.E, shape.F)
        assert steps[name].dtype == np.float32


def test_a_network_that_ends_in_a_map_returns_the_map():
    network = Network(name="map", layers={"A": LayerShape(M=2, C=3, H=5, W=7, R=2, S=3)}, glue={"A": ()})
    assert layers.forward(network, weights_of(network), np.ones((1, 3, 5, 7), int)).shape == (1, 2, 4, 5)


def test_forward_refuses_branches():
    with pytest.raises(CourseError) as error:
        layers.forward(networks.googlenet(), {}, np.ones((1, 3, 224, 224)))
    assert str(error.value) == (
        "forward() runs networks whose layers form a chain and say what follows each\n"
        f"  got {networks.googlenet().name}, which has branches or no glue\n"
        "  use for example lenet5() or alexnet(), or call conv_layer layer by layer"
    )


def test_forward_refuses_missing_weights():
    weights = weights_of(TINY)
    del weights["CONV2"]
    with pytest.raises(CourseError) as error:
        layers.forward(TINY, weights, np.ones((1, 3, 11, 14)))
    assert str(error.value) == (
        "every layer needs its filters and bias\n"
        "  got none for CONV2; there are weights for CONV1, FC3\n"
        "  add weights['CONV2'] = (filters, bias), with bias None for none"
    )


def test_forward_refuses_transposed_filters():
    weights = weights_of(TINY)
    weights["CONV1"] = weights["CONV1"][0].swapaxes(2, 3), None
    with pytest.raises(ShapeError) as error:
        layers.forward(TINY, weights, np.ones((1, 3, 11, 14)))
    assert str(error.value) == (
        "the filters of CONV1 must have the axes (M, C/G, R, S) of its shape\n"
        "  got (4, 3, 2, 3) where CONV1 needs (4, 3, 3, 2)\n"
        "  reshape or transpose the filters of CONV1"
    )


def test_forward_refuses_a_single_image_and_an_unscaled_digit():
    for ifmap in (np.ones((32, 32)), tensors.digits().test_images[:2, None]):
        with pytest.raises(ShapeError) as error:
            layers.forward(networks.lenet5(), tensors.lenet5_weights(), ifmap)
        assert str(error.value) == (
            "the ifmap of C1 must be (N, C, H, W) = (N, 1, 32, 32)\n"
            f"  got an array of shape {ifmap.shape}\n"
            "  add the missing axis, scale the images, or check the step before this layer"
        )
