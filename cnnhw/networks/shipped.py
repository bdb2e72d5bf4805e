"""The seven networks of the course, each from the CSV file of its name beside this file."""

from functools import cache
from pathlib import Path

from cnnhw.errors import CourseError
from cnnhw.networks.csvfile import from_csv
from cnnhw.networks.network import Network


def lenet5(input_size: int = 32) -> Network:
    """LeNet-5 on 32x32 digits: C1 C3 C5 F6 OUT.

    input_size  32, the input of the 1998 paper, or 28, the size slide 18 prints; on 28x28 the third layer's
                filter is 4x4 and it is called F5
    returns     Network; C3 is taken with all its connections, the paper's has 60 of the 96 (see lenet1998)
    raises      CourseError for another size
    source      LeCun et al., Proc. IEEE 1998, section II-B; slide 18

    >>> lenet5()
    LeNet-5: 2 CONV and 3 FC layers, 416,520 MACs, 61,470 filter words, N=1
    """
    files = {32: ("lenet5", "LeNet-5"), 28: ("lenet5_28x28", "LeNet-5 on 28x28")}
    return _load(
        *_choose("input_size", input_size, files),
        "LeCun et al., Proc. IEEE 1998, section II-B. "
        "C5 is a 5x5 convolution on a 5x5 ifmap and counts as FC. "
        "The glue is the course's: the paper's pooling has a trained scale and bias, and tanh follows it.",
    )


def alexnet() -> Network:
    """AlexNet, with the two groups in CONV2, CONV4 and CONV5 and the 227x227 input that gives 55x55.

    returns  Network
    source   Krizhevsky et al., NIPS 2012; slide 16

    >>> alexnet()
    AlexNet: 5 CONV and 3 FC layers, 724,406,816 MACs, 60,954,656 filter words, N=1
    """
    return _load(
        "alexnet",
        "AlexNet",
        "Krizhevsky et al., NIPS 2012; slide 16. The paper prints 224x224, its 55x55 ofmap needs 227x227.",
    )


def overfeat() -> Network:
    """OverFeat, the fast model, on 231x231.

    returns  Network
    source   Sermanet et al., ICLR 2014, table 1; Sze et al., Proc. IEEE 2017, table II

    >>> overfeat()
    OverFeat: 5 CONV and 3 FC layers, 2,801,403,904 MACs, 145,909,792 filter words, N=1
    """
    return _load(
        "overfeat",
        "OverFeat",
        "Sermanet et al., ICLR 2014, the fast model; Sze et al., Proc. IEEE 2017, table II. No groups.",
    )


def zfnet() -> Network:
    """ZFNet: AlexNet with a 7x7 first filter at stride 2, and no groups.

    returns  Network
    source   Zeiler and Fergus, ECCV 2014, figure 3

    >>> zfnet()
    ZFNet: 5 CONV and 3 FC layers, 1,168,032,896 MACs, 62,347,040 filter words, N=1
    """
    return _load(
        "zfnet",
        "ZFNet",
        "Zeiler and Fergus, ECCV 2014, figure 3. "
        "The figure has 224 in and 110 out, which a padding of 1 gives; "
        "55 and 13 after pooling need the last, overhanging window (ceil).",
    )


def vgg16() -> Network:
    """VGG-16: thirteen 3x3 layers and three FC layers, on 224x224.

    returns  Network
    source   Simonyan and Zisserman, ICLR 2015, table 1, configuration D

    >>> vgg16()
    VGG-16: 13 CONV and 3 FC layers, 15,470,264,320 MACs, 138,344,128 filter words, N=1
    """
    return _load("vgg16", "VGG-16", "Simonyan and Zisserman, ICLR 2015, table 1, configuration D.")


def googlenet(pooling: str = "ceil") -> Network:
    """GoogLeNet (Inception v1): 57 CONV layers in branches and one FC layer, without the training heads.

    pooling  "ceil" as in the paper: a pooling window may hang over the edge, maps are 56, 28, 14, 7 wide;
             "floor": it is dropped, maps are 55, 27, 13, 6 wide; slide 18 comes out only this way
    returns  Network
    raises   CourseError for another pooling
    source   Szegedy et al., CVPR 2015, table 1

    >>> googlenet()
    GoogLeNet: 57 CONV and 1 FC layers, 1,582,671,872 MACs, 6,990,272 filter words, N=1
    >>> googlenet(pooling="floor").macs
    1431556352
    """
    files = {"ceil": ("googlenet", "GoogLeNet"), "floor": ("googlenet_floor", "GoogLeNet, floor pooling")}
    return _load(*_choose("pooling", pooling, files), "Szegedy et al., CVPR 2015, table 1.")


def resnet50(version: str = "v1") -> Network:
    """ResNet-50: 53 CONV layers, four of them projections beside the main path, and one FC layer.

    version  "v1", the paper's: each stage's stride of 2 is in its first 1x1 layer; "v1.5": in the 3x3 layer
             after it, as several libraries have it
    returns  Network
    raises   CourseError for another version
    source   He et al., CVPR 2016, table 1

    >>> resnet50()
    ResNet-50: 53 CONV and 1 FC layers, 3,857,973,248 MACs, 25,502,912 filter words, N=1
    >>> resnet50(version="v1.5").macs
    4089184256
    """
    files = {"v1": ("resnet50", "ResNet-50"), "v1.5": ("resnet50_v1_5", "ResNet-50 v1.5")}
    return _load(*_choose("version", version, files), "He et al., CVPR 2016, table 1.")


def all_networks() -> tuple[Network, ...]:
    """Give the seven networks of the course, oldest first."""
    return lenet5(), alexnet(), zfnet(), overfeat(), vgg16(), googlenet(), resnet50()


@cache
def _load(file: str, title: str, source: str) -> Network:
    return from_csv(Path(__file__).with_name(f"{file}.csv"), title=title, source=source)


def _choose(argument: str, value, files: dict) -> tuple[str, str]:
    if value not in files:
        known = " or ".join(repr(key) for key in files)
        raise CourseError(f"{argument} must be {known}", f"{argument}={value!r}", f"write {argument}={known}")
    return files[value]
