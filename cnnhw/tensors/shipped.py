"""Real data that ships with the course, read from the package and never from a network.

docs/data.md tells where each file comes from, its licence and its SHA-256.
"""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import numpy as np

from cnnhw.errors import ShapeError
from cnnhw.tensors.checked import check_words

# The labels repeat one sequence of about 130 digits 14 times, as people copying one form after another would.
# Cutting between two forms keeps a hand on one side. Eleven forms teach, three are held out.
TRAIN_IMAGES = 1415  # of 1,797, so 382 (21 %) are held out; source: the labels themselves

DIGIT_MAX = 16  # words are 0 .. 16, black pixels in a 4x4 block; source: Alpaydin & Kaynak 1998

LENET5_RIGHT = 378  # of the 382 held-out digits; the test suite computes it from the shipped weights

# ITU-R BT.601 luma, in thousandths, so that greyscale is integer arithmetic.
_LUMA = np.array([299, 587, 114])


@dataclass(frozen=True, eq=False)
class Digits:
    """Handwritten digits, split into images to learn from and images held out.

    train_images  (1415, 8, 8) int64, words 0 (paper) .. 16 (ink)
    train_labels  (1415,) int64, the digit 0 .. 9
    test_images   (382, 8, 8) int64
    test_labels   (382,) int64
    source        E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI 1998,
                  CC BY 4.0, as packaged by scikit-learn
    """

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray


@cache
def digits() -> Digits:
    """Read the 1,797 handwritten digits: the first 1,415 to train on, the last 382 held out.

    returns  Digits; its arrays are read-only, copy them before writing
    source   docs/data.md

    >>> digits().test_images.shape
    (382, 8, 8)
    >>> print(digits().train_labels[:10])
    [0 1 2 3 4 5 6 7 8 9]
    """
    with _file("digits.csv.gz").open("rb") as packed, gzip.open(packed, "rt", encoding="utf-8") as rows:
        table = np.loadtxt(rows, delimiter=",", dtype=np.int64)
    # int64 and not uint8: 16 * 16 = 256 would wrap to 0 in uint8.
    images, labels = table[:, :64].reshape(-1, 8, 8), table[:, 64].copy()
    parts = images[:TRAIN_IMAGES], labels[:TRAIN_IMAGES], images[TRAIN_IMAGES:], labels[TRAIN_IMAGES:]
    return Digits(*(_read_only(part) for part in parts))


def digits_32x32(images: np.ndarray) -> np.ndarray:
    """Scale 8x8 digits to the 32x32 ifmap of LeNet-5, with words 0 .. 1.

    images   (N, 8, 8), words 0 .. 16
    returns  (N, 1, 32, 32) float32: linear interpolation in both directions between the centres of
             the 8x8 words, edges repeated, divided by 16; every word is a whole number of 1/1024,
             so float32 holds it exactly and every machine gives the same bits
    raises   ShapeError if the images are not 8x8, or a word is no finite number
    source   chosen for teaching

    >>> ramp = np.tile([0, 0, 0, 0, 16, 16, 16, 16], (1, 8, 1))
    >>> print(digits_32x32(ramp)[0, 0, 0, 12:20])          # 1/8, 3/8, 5/8, 7/8 of the way
    [0.    0.    0.125 0.375 0.625 0.875 1.    1.   ]
    """
    images = np.asarray(images)
    if images.ndim != 3 or images.shape[1:] != (8, 8):
        raise ShapeError(
            "digits are a stack of 8x8 images",
            f"an array of shape {images.shape}",
            "give (N, 8, 8); a single image is image[None]",
        )
    check_words("images", images, "scaling")
    stretch = _interpolation(8, 32)
    scaled = stretch @ images.astype(np.float32) @ stretch.T / np.float32(DIGIT_MAX)
    return scaled[:, None]


@cache
def photograph(grey: bool = False) -> np.ndarray:
    """Read the photograph: NASA's portrait of the astronaut Eileen Collins.

    grey     True for one channel, 0.299 R + 0.587 G + 0.114 B rounded (ITU-R BT.601)
    returns  (3, 256, 256) uint8, channels red, green, blue, or (1, 256, 256); read-only. Convert it
             with astype(int) before you compute: uint8 wraps at 256
    source   NASA, public domain, as packaged by scikit-image; halved in size, see docs/data.md

    >>> photograph().shape, photograph(grey=True).shape
    ((3, 256, 256), (1, 256, 256))
    """
    if grey:
        luma = np.tensordot(_LUMA, photograph().astype(np.int64), axes=1)
        return _read_only(((luma + 500) // 1000).astype(np.uint8)[None])
    with _file("photograph.npy").open("rb") as file:
        return _read_only(np.load(file))


@cache
def lenet5_weights() -> Mapping[str, tuple[np.ndarray, np.ndarray]]:
    """Read the filters and biases of LeNet-5, trained on the 1,415 training digits.

    returns  layer name -> (filters (M, C, R, S), bias (M,)), float32, read-only; layers C1 C3 C5 F6 OUT
    source   trained by `python -m cnnhw.course.train_lenet5`, see docs/data.md

    >>> {name: filters.shape for name, (filters, bias) in lenet5_weights().items()}["C3"]
    (16, 6, 5, 5)
    """
    with _file("lenet5.npz").open("rb") as file, np.load(file) as stored:
        names = [name.removesuffix(".filters") for name in stored.files if name.endswith(".filters")]
        weights = {n: (_read_only(stored[f"{n}.filters"]), _read_only(stored[f"{n}.bias"])) for n in names}
    return MappingProxyType(weights)


def _file(name: str):
    return files("cnnhw") / "data" / name


def _read_only(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array


def _interpolation(words: int, wanted: int) -> np.ndarray:
    """Give the (wanted, words) matrix that interpolates a row linearly between its words' centres."""
    centres = (np.arange(wanted) + 0.5) * words / wanted - 0.5
    places = np.clip(centres, 0, words - 1)
    distance = np.abs(places[:, None] - np.arange(words))
    return np.maximum(0, 1 - distance).astype(np.float32)
