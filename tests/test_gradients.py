"""The backward pass: against finite differences and against PyTorch."""

import numpy as np
import pytest

from cnnhw import CourseError, LayerShape, networks, tensors
from cnnhw.course.gradients import loss_and_gradients
from cnnhw.course.train_lenet5 import initial_weights
from cnnhw.networks import Network

TINY = Network(
    name="tiny",
    layers={
        "CONV1": LayerShape(M=3, C=2, H=11, W=9, R=3, S=2, U=2),
        "CONV2": LayerShape(M=4, C=3, H=3, W=2, R=2),
        "FC3": LayerShape.fc(M=5, C=8),
    },
    glue={"CONV1": ("relu", "max_pool 3/1"), "CONV2": ("relu",), "FC3": ()},
)


def double(network, seed):
    """Random weights and biases in float64, so that finite differences mean something."""
    random = tensors.generator(seed)
    weights = initial_weights(network, random)
    return {n: (f.astype(float), random.standard_normal(len(b)) / 5) for n, (f, b) in weights.items()}


def drawn_batch(network, images, seed):
    first, last = list(network.layers.values())[0], list(network.layers.values())[-1]
    random = tensors.generator(seed, 1)
    return random.standard_normal((images, first.C, first.H, first.W)), random.randint(last.M, size=images)


@pytest.mark.parametrize("network", [TINY, networks.lenet5()], ids=["tiny", "lenet5"])
def test_gradients_equal_finite_differences(network):
    weights, (ifmap, labels) = double(network, 5), drawn_batch(network, 3, 5)
    _, gradients = loss_and_gradients(network, weights, ifmap, labels)
    random, h = np.random.RandomState(0), 1e-6
    for name, pair in weights.items():
        for words, gradient in zip(pair, gradients[name], strict=True):
            for index in random.randint(words.size, size=3):
                kept, losses = words.flat[index], []
                for moved in (kept + h, kept - h):
                    words.flat[index] = moved
                    losses.append(loss_and_gradients(network, weights, ifmap, labels)[0])
                words.flat[index] = kept
                assert np.isclose((losses[0] - losses[1]) / (2 * h), gradient.flat[index], atol=1e-7)


def test_gradients_of_lenet5_equal_pytorch():
    torch = pytest.importorskip("torch")
    functional, network = torch.nn.functional, networks.lenet5()
    weights, (ifmap, labels) = double(network, 7), drawn_batch(network, 4, 7)
    loss, gradients = loss_and_gradients(network, weights, ifmap, labels)
    torched = {n: [torch.tensor(a, requires_grad=True) for a in pair] for n, pair in weights.items()}
    x = functional.max_pool2d(functional.conv2d(torch.tensor(ifmap), *torched["C1"]).relu(), 2)
    x = functional.max_pool2d(functional.conv2d(x, *torched["C3"]).relu(), 2)
    x = functional.conv2d(functional.conv2d(x, *torched["C5"]).relu(), *torched["F6"]).relu()
    x = functional.conv2d(x, *torched["OUT"]).flatten(1)
    expected = functional.cross_entropy(x, torch.tensor(labels))
    expected.backward()
    assert np.isclose(loss, expected.item(), rtol=1e-12)
    for name, pair in torched.items():
        for array, gradient in zip(pair, gradients[name], strict=True):
            np.testing.assert_allclose(gradient, array.grad.numpy(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("step", ["lrn", "avg_pool 2/2", "max_pool 2/2 ceil"])
def test_an_unknown_step_is_refused(step):
    size = 4 if step == "lrn" else 2
    shapes = {"A": LayerShape(M=2, C=1, H=5, R=2), "B": LayerShape.fc(M=3, C=2, H=size)}
    network = Network(name="other", layers=shapes, glue={"A": (step,), "B": ()})
    with pytest.raises(CourseError) as error:
        loss_and_gradients(network, double(network, 0), *drawn_batch(network, 2, 0))
    assert str(error.value) == (
        f"training knows relu and max_pool R/U without ceil\n  got {step!r}\n"
        "  train this network with another tool, or replace the step"
    )


def test_padding_is_refused():
    network = Network(name="other", layers={"A": LayerShape(M=3, C=1, H=3, R=5, P=1)}, glue={"A": ()})
    with pytest.raises(
        CourseError, match="without padding, groups and dilation\n  got U=1, P=1, G=1, D=1\n  train this"
    ):
        loss_and_gradients(network, double(network, 0), *drawn_batch(network, 2, 0))
