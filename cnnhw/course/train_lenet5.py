"""Train LeNet-5 on the handwritten digits: `python -m cnnhw.course.train_lenet5 [file.npz]`.

NumPy only, seeded, one to four minutes on two cores. The held-out digits take no part: the settings were
chosen with the last three forms of the training images set aside, where those tried were all alike. The
script prints the held-out accuracy once, at the end; docs/data.md says how much to read into it.
"""

import sys
from pathlib import Path

import numpy as np

from cnnhw import networks, tensors
from cnnhw.course.gradients import loss_and_gradients
from cnnhw.layers import Weights, forward

SEED = 1998  # chosen for teaching
EPOCHS = 60  # passes over the training images; chosen on the forms set aside
BATCH = 32  # images; chosen on the forms set aside
STEP = 0.002  # largest step size, falling to 0 along half a cosine; chosen on the forms set aside
DECAY = 0.01  # share of each filter word taken off per step of size 1; chosen on the forms set aside
TURN, STRETCH, SHIFT = 0.2, 0.15, 0.7  # radians, share, 8x8 words at most; chosen on the forms set aside
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8  # Kingma and Ba, ICLR 2015, algorithm 1


def train(images, labels, epochs: int = EPOCHS, seed: int = SEED, progress=None) -> dict:
    """Train LeNet-5 from random weights with Adam and randomly moved images.

    images    (N, 8, 8) words 0 .. 16
    labels    (N,) digits
    epochs    passes over the images
    seed      the same seed gives the same weights, up to the rounding of float32 sums, which may
              differ between machines
    progress  called with (epoch, mean loss) after each epoch, or None
    returns   layer name -> (filters, bias), float32
    source    Kingma and Ba, ICLR 2015; decay apart from the gradient: Loshchilov and Hutter, ICLR 2019
    """
    random = tensors.generator(seed)
    network = networks.lenet5()
    weights = initial_weights(network, random)
    moments = {name: [(np.zeros_like(a), np.zeros_like(a)) for a in pair] for name, pair in weights.items()}
    per_epoch, done = len(images) // BATCH, 0
    for epoch in range(1, epochs + 1):
        losses, order = [], random.permutation(len(images))
        for start in range(0, per_epoch * BATCH, BATCH):
            batch = order[start : start + BATCH]
            ifmap = moved(images[batch], random)
            loss, gradients = loss_and_gradients(network, weights, ifmap, labels[batch])
            size = STEP * (1 + np.cos(np.pi * done / (per_epoch * epochs))) / 2
            done += 1
            _adam(weights, moments, gradients, size, done)
            losses.append(loss)
        if progress:
            progress(epoch, float(np.mean(losses)))
    return weights


def initial_weights(network, random: np.random.RandomState) -> dict:
    """Draw filters from a normal distribution of variance 2 / (C R S); biases are 0.

    network  a Network
    random   the generator to draw from
    returns  layer name -> (filters (M, C/G, R, S), bias (M,)), float32
    source   He et al., ICCV 2015, eq 10

    >>> weights = initial_weights(networks.lenet5(), tensors.generator(0))
    >>> print(weights["C5"][0].std().round(3))      # sqrt(2 / (16*5*5)) = 0.071
    0.071
    """
    weights = {}
    for name, shape in network.layers.items():
        sizes = shape.M, shape.seen, shape.R, shape.S
        filters = random.standard_normal(sizes) * np.sqrt(2 / shape.ofmap_reuse)
        weights[name] = filters.astype(np.float32), np.zeros(shape.M, dtype=np.float32)
    return weights


def moved(images: np.ndarray, random: np.random.RandomState) -> np.ndarray:
    """Turn, stretch and shift each 8x8 digit a little while scaling it to 32x32.

    images   (N, 8, 8) words 0 .. 16
    random   the generator to draw the movements from
    returns  (N, 1, 32, 32) float32, words 0 .. 1; without movement it equals digits_32x32(images)
    source   chosen for teaching
    """
    turn, rows, columns, down, right = random.uniform(-1, 1, size=(5, len(images)))
    return sample(images, TURN * turn, 1 + STRETCH * rows, 1 + STRETCH * columns, SHIFT * down, SHIFT * right)


def sample(images, turn, rows, columns, down, right) -> np.ndarray:
    """Read 8x8 images at the 32x32 places that a turn, a stretch and a shift lead to.

    images         (N, 8, 8) words 0 .. 16
    turn           (N,) radians about the centre
    rows, columns  (N,) stretch; 1 leaves the size
    down, right    (N,) shift in 8x8 words
    returns        (N, 1, 32, 32) float32: linear interpolation, edges repeated, divided by 16
    """
    grid = (np.arange(32) + 0.5) / 4 - 4  # centres of the 32 words, from the image's centre
    y, x = (axis[None] for axis in np.meshgrid(grid, grid, indexing="ij"))
    turn, rows, columns, down, right = (v[:, None, None] for v in (turn, rows, columns, down, right))
    h = (np.cos(turn) * y - np.sin(turn) * x) / rows + 3.5 - down
    w = (np.sin(turn) * y + np.cos(turn) * x) / columns + 3.5 - right
    h, w = np.clip(h, 0, 7), np.clip(w, 0, 7)
    top, left = np.minimum(h.astype(int), 6), np.minimum(w.astype(int), 6)
    lower, later, n = h - top, w - left, np.arange(len(images))[:, None, None]
    upper_row = images[n, top, left] * (1 - later) + images[n, top, left + 1] * later
    lower_row = images[n, top + 1, left] * (1 - later) + images[n, top + 1, left + 1] * later
    words = upper_row * (1 - lower) + lower_row * lower
    return (words / tensors.DIGIT_MAX).astype(np.float32)[:, None]


def accuracy(weights: Weights, images: np.ndarray, labels: np.ndarray) -> float:
    """Give the share of digits that LeNet-5 names rightly.

    weights  layer name -> (filters, bias)
    images   (N, 8, 8) words 0 .. 16
    labels   (N,) digits
    returns  images with the largest score at their label / N

    >>> digits = tensors.digits()
    >>> accuracy(tensors.lenet5_weights(), digits.train_images[:10], digits.train_labels[:10])
    1.0
    """
    scores = forward(networks.lenet5(), weights, tensors.digits_32x32(images))
    return float((scores.argmax(axis=1) == labels).mean())


def save(weights: Weights, path: Path):
    """Write weights as an uncompressed npz: the same weights give the same bytes on every machine.

    weights  layer name -> (filters, bias)
    path     file to write
    """
    arrays = {}
    for name, (filters, bias) in weights.items():
        arrays |= {f"{name}.filters": filters, f"{name}.bias": bias}
    np.savez(path, **arrays)


def _adam(weights: dict, moments: dict, gradients: dict, size: float, done: int):
    """Take one step of Adam, in place; filters decay, biases do not."""
    size_now = size * np.sqrt(1 - BETA2**done) / (1 - BETA1**done)
    for name, pair in weights.items():
        pair[0][...] *= 1 - size * DECAY
        for array, (mean, square), gradient in zip(pair, moments[name], gradients[name], strict=True):
            mean += (1 - BETA1) * (gradient - mean)
            square += (1 - BETA2) * (gradient**2 - square)
            array -= np.float32(size_now) * mean / (np.sqrt(square) + EPSILON)


def _print_progress(epoch: int, loss: float):
    print(f"epoch {epoch:2} of {EPOCHS}: loss {loss:.4f}", flush=True)


def main(arguments: list[str]):
    """Train, save and report; the one argument is the file to write."""
    path = Path(arguments[0] if arguments else "lenet5.npz")
    data = tensors.digits()
    weights = train(data.train_images, data.train_labels, progress=_print_progress)
    save(weights, path)
    right = accuracy(weights, data.test_images, data.test_labels)
    print(f"{path}: {right:.2%} of the {len(data.test_labels)} held-out digits")


if __name__ == "__main__":
    main(sys.argv[1:])
