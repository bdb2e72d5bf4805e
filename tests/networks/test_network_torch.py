"""Networks from PyTorch modules that are written here, layer by layer."""

import pickle
import sys

import pytest

from cnnhw import CourseError, LayerShape, networks

torch = pytest.importorskip("torch")
from torch import nn  # noqa: E402
from torch.nn import functional  # noqa: E402


def three_lines(error):
    lines = str(error.value).splitlines()
    assert len(lines) == 3
    return lines


def alexnet():
    """On meta: its weights have no words, a VGG-16 in memory would be half a gigabyte."""
    with torch.device("meta"):
        return nn.Sequential(
            nn.Conv2d(3, 96, 11, stride=4), nn.ReLU(), nn.LocalResponseNorm(5), nn.MaxPool2d(3, 2),
            nn.Conv2d(96, 256, 5, padding=2, groups=2), nn.ReLU(),
            nn.LocalResponseNorm(5), nn.MaxPool2d(3, 2),
            nn.Conv2d(256, 384, 3, padding=1), nn.ReLU(inplace=True),
            nn.Conv2d(384, 384, 3, padding=1, groups=2), nn.ReLU(inplace=True),
            nn.Conv2d(384, 256, 3, padding="same", groups=2), nn.ReLU(), nn.MaxPool2d(3, 2),
            nn.Flatten(), nn.Dropout(), nn.Linear(9216, 4096), nn.ReLU(),
            nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, 1000),
        )  # fmt: skip


def vgg16():
    parts, channels = [], 3
    with torch.device("meta"):
        for filters, depth in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
            for _ in range(depth):
                parts += [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU()]
                channels = filters
            parts.append(nn.MaxPool2d(2))
        parts += [nn.Flatten(), nn.Linear(512 * 7 * 7, 4096), nn.ReLU(), nn.Linear(4096, 4096), nn.ReLU()]
        return nn.Sequential(*parts, nn.Linear(4096, 1000))


class Bottleneck(nn.Module):
    """ResNet-50's block res3a, with layers called out of the order in which they are declared."""

    def __init__(self):
        super().__init__()
        self.branch1 = nn.Conv2d(256, 512, 1, stride=2, bias=False)
        self.branch2c = nn.Conv2d(128, 512, 1, bias=False)
        self.branch2b = nn.Conv2d(128, 128, 3, padding=1, bias=False)
        self.branch2a = nn.Conv2d(256, 128, 1, stride=2, bias=False)
        self.norm = nn.BatchNorm2d(128)

    def forward(self, ifmap):
        inner = functional.relu(self.norm(self.branch2a(ifmap)))
        inner = functional.relu_(self.norm(self.branch2b(inner)))
        return functional.relu(self.branch2c(inner) + self.branch1(ifmap))


@pytest.mark.parametrize(
    ("module", "size", "network"),
    [(alexnet(), 227, networks.alexnet()), (vgg16(), 224, networks.vgg16())],
    ids=["alexnet", "vgg16"],
)
def test_the_same_network_gives_the_same_shapes(module, size, network):
    found = networks.from_torch(module, (2, 3, size, size))
    assert list(found.layers.values()) == list(network.with_batch(2).layers.values())
    assert len(found.conv) == len(network.conv)


def test_layers_come_in_order_of_execution_by_module_path():
    found = networks.from_torch(nn.Sequential(nn.Identity(), Bottleneck()), (1, 256, 56, 56))
    assert list(found.layers) == ["1.branch2a", "1.branch2b", "1.branch2c", "1.branch1"]
    for name, shape in found.layers.items():
        assert shape == networks.resnet50().layers[name.replace("1.", "res3a_", 1)], name


class Functions(nn.Module):
    """Layers called as functions, on weights and on constants that are not weights of the module."""

    def __init__(self):
        super().__init__()
        self.filters = nn.Parameter(torch.zeros(7, 5, 3, 3))
        self.first = nn.Conv2d(3, 5, (3, 1))
        self.matrix = torch.zeros(11, 7)  # a plain attribute, on the CPU

    def forward(self, ifmap):
        held = torch.zeros(ifmap.shape[0], 5, ifmap.shape[2] - 2, ifmap.shape[3])
        held[:, :] = self.first(ifmap)  # a constant that the ifmap is written into
        ofmap = functional.conv2d(held, self.filters, stride=2, padding=1)
        with torch.inference_mode():
            return functional.linear(ofmap.mean((2, 3)), self.matrix) @ torch.ones(11, 2)


def test_functions_count_like_modules():
    found = networks.from_torch(Functions(), (2, 3, 13, 17))
    assert dict(found.layers) == {
        "first": LayerShape(N=2, M=5, C=3, H=13, W=17, R=3, S=1),
        "filters": LayerShape(N=2, M=7, C=5, H=11, W=17, R=3, U=2, P=1),
        "linear": LayerShape.fc(N=2, M=11, C=7),
        "linear#2": LayerShape.fc(N=2, M=2, C=11),
    }
    assert (found.name, found.source) == ("Functions", "a PyTorch module")


class Mixer(nn.Module):
    """Products over positions and over channels, as in an MLP-Mixer."""

    def __init__(self):
        super().__init__()
        self.channels, self.positions = nn.Linear(5, 3), nn.Linear(7, 11, bias=False)

    def forward(self, ifmap):
        return self.positions(self.channels(ifmap).transpose(1, 2))


def test_rows_of_a_product_are_positions():
    found = networks.from_torch(Mixer(), (2, 7, 5))
    assert dict(found.layers) == {
        "channels": LayerShape(N=2, M=3, C=5, H=7, W=1, R=1),
        "positions": LayerShape(N=2, M=11, C=7, H=3, W=1, R=1),
    }


def test_a_flattening_in_another_order_keeps_its_map():
    class Turned(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(3 * 5 * 7, 2)

        def forward(self, ifmap):
            return self.fc(ifmap.permute(0, 2, 3, 1).flatten(1))

    assert networks.from_torch(Turned(), (1, 3, 5, 7)).layers["fc"] == LayerShape.fc(M=2, C=3, H=5, W=7)


def test_a_reparametrised_weight():
    module = nn.Sequential(nn.utils.parametrizations.weight_norm(nn.Conv2d(3, 5, 3)))
    assert list(networks.from_torch(module, (1, 3, 7, 9)).layers.values()) == [
        LayerShape(M=5, C=3, H=7, W=9, R=3)
    ]


def test_the_module_is_left_as_it_was():
    module = nn.Sequential(nn.Conv2d(3, 5, 3), nn.BatchNorm2d(5), nn.Dropout(), nn.Conv2d(5, 2, 3))
    module[2].eval()  # one part differs from the others
    before = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    weights = list(module.parameters())
    networks.from_torch(module, (1, 3, 9, 9))
    with pytest.raises(CourseError):
        networks.from_torch(module, (1, 4, 9, 9))
    assert [part.training for part in module.modules()] == [True, True, True, False, True]
    assert all(a is b for a, b in zip(weights, module.parameters(), strict=True))
    assert all(torch.equal(before[name], tensor) for name, tensor in module.state_dict().items())
    assert module(torch.zeros(1, 3, 9, 9)).shape == (1, 2, 5, 5)  # no hook is left that would see this


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.heads = nn.MultiheadAttention(6, 2, batch_first=True)

    def forward(self, ifmap):
        return self.heads(ifmap, ifmap, ifmap)[0]


class Products(nn.Module):
    def forward(self, ifmap):
        return torch.einsum("nij,nkj->nik", ifmap, ifmap)


shared = nn.Linear(5, 5)
REFUSED = {
    "transposed": (
        nn.Sequential(nn.ConvTranspose2d(3, 5, 3)),
        "a transposed convolution in 0 (ConvTranspose2d)",
    ),
    "three dimensions": (nn.Conv3d(3, 5, 2), "conv with filters of shape (5, 3, 2, 2, 2)", (1, 3, 4, 4, 4)),
    "attention": (Attention(), "a product of shapes (4, 7, 3) and (4, 3, 7) in heads (", (2, 7, 6)),
    "einsum": (Products(), "a product of shapes (2, 7, 6) and (2, 6, 7) in Products", (2, 7, 6)),
    "recurrent": (
        nn.Sequential(nn.LSTM(6, 3)),
        "a recurrent layer, which uses its weights once a step, in 0 (LSTM)",
        (2, 7, 6),
    ),
    "bilinear": (nn.Bilinear(5, 5, 3), "(2, 5), and in Bilinear TypeError", (2, 5)),
}


class Tied(nn.Module):
    """An autoencoder whose way back is the way in, turned."""

    def __init__(self):
        super().__init__()
        self.way = nn.Linear(9, 4, bias=False)

    def forward(self, ifmap):
        return self.way(ifmap) @ self.way.weight


THRICE = nn.Sequential(shared, nn.ReLU(), shared, shared)


@pytest.mark.parametrize(("module", "words", "macs"), [(THRICE, 25, 3 * 25), (Tied(), 36, 72)])
def test_weights_that_layers_share_are_there_once(module, words, macs):
    network = networks.from_torch(module, (2, 9 if words == 36 else 5))
    assert (network.filter_words, network.macs) == (words, 2 * macs)
    first, *others = network.layers
    assert dict(network.shared) == dict.fromkeys(others, first)
    assert pickle.loads(pickle.dumps(network)) == network == network.with_batch(2)


class Factorised(nn.Module):
    """What Inception-v3 does in place of 7 x 7 filters, and DeepLab's dilated branches beside it."""

    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(3, 4, (7, 1), padding=(3, 0), stride=(2, 1))
        self.across = nn.Conv2d(4, 4, (1, 7), padding=(0, 3), stride=(1, 2))
        self.branches = nn.ModuleList(nn.Conv2d(4, 5, 3, padding=d, dilation=d) for d in (1, 2, 4))
        self.last = nn.Conv2d(15, 2, 3, padding=(1, 0), dilation=(1, 2))

    def forward(self, ifmap):
        factored = self.across(self.down(ifmap))
        return self.last(torch.cat([branch(factored) for branch in self.branches], 1))


def by_hooks(module, shape) -> tuple[int, int]:
    """MACs and weights of the convolutions of a module, from what PyTorch makes."""
    macs, hooks = [], []

    def count(conv, _, made):
        macs.append(made.numel() * conv.weight[0].numel())

    convs = [part for part in module.modules() if isinstance(part, nn.modules.conv._ConvNd)]
    hooks = [conv.register_forward_hook(count) for conv in convs]
    module(torch.zeros(shape))
    for hook in hooks:
        hook.remove()
    return sum(macs), sum(conv.weight.numel() for conv in convs)


SQUARE = (1, 3, 9, 9)
UNEVEN = {
    "one dimension": (
        nn.Sequential(*(nn.Conv1d(6, 6, 2, dilation=2**at, padding=2**at) for at in range(4))),
        (2, 6, 40),
    ),
    "factorised": (Factorised(), (1, 3, 21, 18)),
    "of their own": (
        nn.Sequential(nn.Conv2d(3, 5, (2, 3), stride=(1, 2), dilation=(3, 1), padding=(1, 0))),
        SQUARE,
    ),
    "same": (
        nn.Sequential(nn.Conv2d(3, 5, 4, padding="same"), nn.Conv2d(5, 5, 3, groups=5, dilation=2)),
        SQUARE,
    ),
}


@pytest.mark.parametrize("case", UNEVEN)
def test_slides_of_their_own_along_each_axis(case):
    module, shape = UNEVEN[case]
    network = networks.from_torch(module, shape)
    macs, weights = by_hooks(module.eval(), shape)
    assert network.macs == macs
    assert sum(layer.filter_words for layer in network.layers.values()) == weights
    assert not all(layer.is_even for layer in network.layers.values())


@pytest.mark.parametrize("case", REFUSED)
def test_what_no_layer_shape_describes(case):
    module, got, *shape = REFUSED[case]
    with pytest.raises(CourseError) as error:
        networks.from_torch(module, *shape or [(1, 3, 9, 9)])
    assert three_lines(error)[1].startswith(f"  got {got}")


def test_a_shape_that_fails_inside_names_the_part():
    module = nn.Sequential(nn.Conv2d(3, 5, 3), nn.Sequential(nn.Flatten(), nn.Linear(100, 2)))
    with pytest.raises(CourseError) as error:
        networks.from_torch(module, (1, 3, 9, 9))
    lines = three_lines(error)
    assert lines[0] == "the module must run on an ifmap of the given shape"
    assert lines[1].startswith("  got (1, 3, 9, 9), and in 1.1 (Linear) RuntimeError: ")
    assert isinstance(error.value.__cause__, RuntimeError)


def test_sizes_that_depend_on_values():
    class Peeks(nn.Module):
        def forward(self, ifmap):
            return ifmap[:, : int(ifmap.sum())]

    with pytest.raises(CourseError) as error:
        networks.from_torch(Peeks(), (1, 3, 9, 9))
    assert three_lines(error)[2].endswith("the sizes must follow from shapes, not from values")


@pytest.mark.parametrize(
    ("module", "shape", "lines"),
    [
        (nn.Linear, (1, 3), ["a PyTorch network is a torch.nn.Module", "  got a type, not yet made"]),
        (torch.zeros(3), (1, 3), ["a PyTorch network is a torch.nn.Module", "  got a Tensor"]),
        (nn.ReLU(), (3,), ["ifmap_shape is a tuple of whole numbers, the batch first", "  got (3,)"]),
        (nn.ReLU(), 224, ["ifmap_shape is a tuple of whole numbers, the batch first", "  got 224"]),
        (
            nn.ReLU(),
            (1, 3, 0),
            ["ifmap_shape is a tuple of whole numbers, the batch first", "  got (1, 3, 0)"],
        ),
        (nn.ReLU(), (1, 3), ["a network needs at least one layer", "  got 'ReLU' with no layers"]),
    ],
)
def test_arguments_that_are_no_network(module, shape, lines):
    with pytest.raises(CourseError) as error:
        networks.from_torch(module, shape)
    assert three_lines(error)[:2] == lines


def test_a_missing_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(CourseError) as error:
        networks.from_torch(object(), (1, 3, 9, 9))
    assert three_lines(error) == [
        "reading this kind of network needs the optional package torch",
        "  got no module named 'torch' in this environment",
        "  in the course's folder: python3 course.py add torch; elsewhere: pip install 'cnnhw[torch]'",
    ]
