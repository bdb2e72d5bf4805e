"""Kinds of PyTorch modules that a reader was once told a wrong number for, or refused without need."""

import pytest

from cnnhw import CourseError, LayerShape, networks

torch = pytest.importorskip("torch")
from torch import nn  # noqa: E402
from torch.nn import functional  # noqa: E402
from torch.nn.utils import parametrizations, prune  # noqa: E402


class Module(nn.Module):
    """What `forward` does with the module and the ifmap; parts and weights by name."""

    def __init__(self, forward, **parts):
        super().__init__()
        self.does = forward
        for name, part in parts.items():
            setattr(self, name, part)

    def forward(self, ifmap):
        return self.does(self, ifmap)


def weight(*shape):
    return nn.Parameter(torch.zeros(shape))


def layers(module, shape):
    return list(networks.from_torch(module, shape).layers.values())


def refusal(module, shape):
    with pytest.raises(CourseError) as error:
        networks.from_torch(module, shape)
    assert len(str(error.value).splitlines()) == 3
    return error.value.got


CONV = LayerShape(M=5, C=3, H=8, R=3)
MADE = {
    "expand of a scalar": (lambda m, x: functional.conv2d(x, m.w.expand(5, 3, 3, 3)), (1, 1, 1, 1)),
    "expand": (lambda m, x: functional.conv2d(x, m.w.expand(5, 3, 3, 3)), (5, 1, 3, 3)),
    "repeat": (lambda m, x: functional.conv2d(x, m.w.repeat(1, 3, 1, 1)), (5, 1, 3, 3)),
    "full": (lambda m, x: functional.conv2d(x, torch.full((5, 3, 3, 3), 0.5)), (1,)),
    "of the ifmap's type": (lambda m, x: functional.conv2d(x, x.new_ones(5, 3, 3, 3)), (1,)),
}


@pytest.mark.parametrize("case", MADE)
def test_a_weight_that_is_made_is_one_layers_weight(case):
    forward, shape = MADE[case]
    assert layers(Module(forward, w=weight(*shape)), (1, 3, 8, 8)) == [CONV]


def test_two_made_weights_are_two():
    def twice(module, ifmap):
        return functional.conv2d(functional.conv2d(ifmap, torch.ones(5, 3, 3, 3)), torch.ones(2, 5, 3, 3))

    assert layers(Module(twice), (1, 3, 8, 8)) == [CONV, LayerShape(M=2, C=5, H=6, R=3)]


def pruned():
    part = nn.Linear(8, 8)
    prune.l1_unstructured(part, "weight", 0.5)
    return part


def shared_words():
    one, other = nn.Linear(8, 8), nn.Linear(8, 8)
    other.weight = nn.Parameter(one.weight.data)
    return nn.Sequential(one, other)


def twice(part):
    return nn.Sequential(part, nn.ReLU(), part)


outside = torch.zeros(8, 8)
SHARED = {
    "pruned": twice(pruned()),
    "weight norm": twice(parametrizations.weight_norm(nn.Linear(8, 8))),
    "spectral norm": twice(parametrizations.spectral_norm(nn.Linear(8, 8))),
    "tied words": shared_words(),
    "no weight of the module": Module(lambda m, x: x @ outside @ outside),
    "a buffer through .data": Module(
        lambda m, x: functional.linear(functional.linear(x, m.fc.weight.data), m.fc.weight),
        fc=nn.Linear(8, 8),
    ),
    "turned": Module(lambda m, x: x @ m.w @ m.w.t(), w=weight(8, 8)),
    "expanded": Module(lambda m, x: x @ m.w.expand(8, 8) @ m.w.expand(8, 8), w=weight(8, 1)),
    "slices that overlap": Module(lambda m, x: x @ m.w[:, :8] @ m.w[:, 4:12], w=weight(8, 24)),
    "one slice": Module(lambda m, x: x @ m.w[:, :8] @ m.w[:, :8].clone(), w=weight(8, 16)),
}


@pytest.mark.parametrize("case", SHARED)
def test_a_weight_that_two_layers_use_is_not_counted_twice(case):
    if case == "slices that overlap":
        assert "another layer used a part before" in refusal(SHARED[case], (1, 8))
        return
    network = networks.from_torch(SHARED[case], (1, 8))
    assert len(network.layers) == 2 and len(network.shared) == 1
    assert (network.filter_words, network.macs) == (64, 128)


def test_a_weight_made_of_several_is_one_layers_weight():
    fc = LayerShape.fc(M=8, C=8)
    mask = torch.ones(8, 8)
    for part in (pruned(), parametrizations.weight_norm(nn.Linear(8, 8))):
        assert layers(part, (1, 8)) == [fc]
    masked = Module(lambda m, x: x @ (m.a * mask) @ (m.b * mask), a=weight(8, 8), b=weight(8, 8))
    assert layers(masked, (1, 8)) == [fc, fc]
    adapted = Module(lambda m, x: x @ (m.w + m.a @ m.b), w=weight(8, 8), a=weight(8, 2), b=weight(2, 8))
    assert layers(adapted, (1, 8)) == [fc]
    slices = Module(lambda m, x: x @ m.w[:, :8] @ m.w[:, 8:], w=weight(8, 16))
    assert layers(slices, (1, 8)) == [fc, fc]


W58, W8 = weight(5, 8), weight(8)
# What multiplies: the MACs of two images, or None where it is refused. Each factor is (2, 8), (5, 8) or (8,).
MULTIPLIES = {
    "linear": (lambda m, x: functional.linear(x, m.w), 80),
    "matmul": (lambda m, x: x @ m.w.t(), 80),
    "inner": (lambda m, x: torch.inner(x, m.w), 80),
    "einsum": (lambda m, x: torch.einsum("nc,mc->nm", x, m.w), 80),
    "einsum, weights first": (lambda m, x: torch.einsum("mc,nc->mn", m.w, x), 80),
    "tensordot": (lambda m, x: torch.tensordot(x, m.w, dims=([1], [1])), 80),
    "multi_dot": (lambda m, x: torch.linalg.multi_dot([x, m.w.t(), torch.ones(5, 4)]), 120),
    "mv": (lambda m, x: torch.mv(x, m.v), 16),
    "addmv": (lambda m, x: torch.addmv(torch.zeros(2), x, m.v), 16),
    "addmm": (lambda m, x: torch.addmm(torch.zeros(5), x, m.w.t()), 80),
    "bmm": (lambda m, x: torch.bmm(x[:, None], m.w.t().expand(len(x), 8, 5)), 80),
    "baddbmm": (lambda m, x: torch.zeros(1, 1, 5).baddbmm(x[:, None], m.w.t().expand(len(x), 8, 5)), 80),
    "a matrix on the left": (lambda m, x: m.w @ x[:, :, None], 80),
    "conv1d": (lambda m, x: functional.conv1d(x[:, None], m.w[:, None]), 80),
    "unfold": (lambda m, x: m.w @ functional.unfold(x.view(-1, 2, 2, 2), 2), 80),
    "multiply and sum": (lambda m, x: (x[:, None] * m.w).sum(-1), None),
    "multiply and mean": (lambda m, x: (x * m.v).mean(-1), None),
    "divide and sum": (lambda m, x: (x / m.v).view(-1, 8).sum(1), None),
    "addcmul and sum": (lambda m, x: torch.addcmul(torch.zeros(8), x, m.v).sum(-1), None),
    "einsum of one index": (lambda m, x: torch.einsum("nc,c->n", x, m.v), 16),
    "ger": (lambda m, x: torch.ger(x[0], m.v), None),
    "outer": (lambda m, x: torch.outer(x.flatten(), m.v), None),
    "kron": (lambda m, x: torch.kron(x, m.w), None),
    "cdist": (lambda m, x: torch.cdist(x, m.w), None),
    "bilinear": (lambda m, x: functional.bilinear(x, x, m.w[:, :, None].expand(5, 8, 8)), None),
    "fft": (lambda m, x: torch.fft.rfft(x).real, None),
    "complex": (lambda m, x: torch.view_as_real(x.to(torch.complex64) @ m.w.t().to(torch.complex64)), None),
    "addbmm": (lambda m, x: torch.addbmm(torch.zeros(1, 5), x[:, None], m.w.t().expand(len(x), 8, 5)), None),
    "addr": (lambda m, x: torch.addr(torch.zeros(8, 8), x[0], m.v), None),
    "attention": (lambda m, x: functional.scaled_dot_product_attention(x, x, x), None),
    "embedding bag": (
        lambda m, x: functional.embedding_bag(x.argsort(-1), m.w.t(), per_sample_weights=x, mode="sum"),
        None,
    ),
    "inverse": (lambda m, x: torch.linalg.inv(x[:, :2]), None),
    "grid sample": (lambda m, x: functional.grid_sample(x.view(-1, 2, 2, 2), x.view(-1, 2, 2, 2)), None),
    "8-bit weights": (
        lambda m, x: torch._weight_int8pack_mm(x.bfloat16(), m.w.to(torch.int8), torch.ones(5).bfloat16()),
        None,
    ),
    "8-bit both": (lambda m, x: torch._int_mm(x.to(torch.int8), m.w.t().to(torch.int8)), None),
    "quantised": (lambda m, x: torch.quantize_per_tensor(x, 0.1, 0, torch.qint8).dequantize(), None),
}  # fmt: skip


@pytest.mark.parametrize("case", MULTIPLIES)
@pytest.mark.parametrize("N", [1, 2])
def test_what_multiplies_is_counted_or_refused_at_every_batch(case, N):
    forward, macs = MULTIPLIES[case]
    module = Module(lambda m, x: (m.first(x), forward(m, x)), first=nn.Linear(8, 1), w=W58, v=W8)
    if macs is None:
        assert " in " in refusal(module, (N, 8))
    else:
        assert networks.from_torch(module, (N, 8)).macs == N * (8 + macs // 2)


def test_an_operator_from_elsewhere_is_refused_by_name():
    library = torch.library.Library("cnnhw_here", "DEF")
    library.define("twice(Tensor a) -> Tensor")
    library.impl("twice", lambda a: a * 2, "CompositeExplicitAutograd")
    got = refusal(Module(lambda m, x: torch.ops.cnnhw_here.twice(x)), (1, 8))
    assert got == "the operator cnnhw_here::twice, which is not known here in Module"


def test_what_is_no_product_of_matrices_passes():
    fc = [LayerShape.fc(M=5, C=3)]
    part = nn.Linear(3, 5)
    for forward in (
        lambda m, x: m.fc((x * torch.sigmoid(x)).mean((2, 3))),  # a function of one word, then a pooling
        lambda m, x: m.fc((x * m.scale[:, None, None]).mean((2, 3))),  # scaled channels, then a pooling
        lambda m, x: m.fc((x * x).sum((2, 3)).rsqrt() * x.amax((2, 3))),  # a norm
    ):
        assert layers(Module(forward, fc=part, scale=weight(3)), (2, 3, 7, 7)) == fc_of(fc, 2)


def fc_of(shapes, N):
    return [LayerShape.fc(M=shape.M, C=shape.C, N=N) for shape in shapes]


def test_the_batch_is_not_part_of_a_layer():
    squeezed = Module(lambda m, x: m.fc(x.mean((2, 3), keepdim=True).squeeze()), fc=nn.Linear(3, 5))
    for N in (1, 2):
        assert layers(squeezed, (N, 3, 7, 7)) == [LayerShape.fc(N=N, M=5, C=3)]
    over_images = Module(lambda m, x: m.fc(x.mean(0, keepdim=True)), fc=nn.Linear(8, 5))
    frames = Module(lambda m, x: m.conv(x.flatten(0, 1)), conv=nn.Conv2d(3, 5, 3))
    for module, shape in ((over_images, (1, 8)), (over_images, (2, 8)), (frames, (1, 4, 3, 7, 7))):
        assert "images" in refusal(module, shape)
    one_batch = Module(lambda m, x: m.fc(x.view(1, -1)), fc=nn.Linear(75, 5))
    assert layers(one_batch, (1, 3, 5, 5)) == [LayerShape.fc(M=5, C=3, H=5)]


def test_a_layer_that_changes_with_the_batch():
    branches = Module(
        lambda m, x: m.one(x) if len(x) == 1 else m.two(x), one=nn.Linear(8, 5), two=nn.Linear(8, 3)
    )
    assert refusal(branches, (1, 8)).startswith("('one', LayerShape(N=1, M=5, ")


FLATTENED = {
    "height first": lambda x: x.permute(0, 2, 3, 1).flatten(1),
    "after pooling": lambda x: functional.max_pool2d(x, 1).permute(0, 2, 3, 1).contiguous().view(len(x), -1),
    "width first": lambda x: x.transpose(1, 3).reshape(len(x), -1),
    "shuffled": lambda x: functional.channel_shuffle(x, 2).flatten(1),
    "in two steps": lambda x: x.flatten(2).transpose(1, 2).flatten(1),
    "normalised": lambda x: functional.layer_norm(x.permute(0, 2, 3, 1), (4,)).flatten(1),
}


@pytest.mark.parametrize("case", FLATTENED)
def test_a_flattened_map_keeps_its_sizes_in_any_order(case):
    module = Module(
        lambda m, x: m.fc(FLATTENED[case](m.conv(x))), conv=nn.Conv2d(3, 4, 1), fc=nn.Linear(120, 7)
    )
    assert layers(module, (2, 3, 5, 6))[1] == LayerShape.fc(N=2, M=7, C=4, H=5, W=6)


def small():
    parts = nn.Conv2d(3, 5, 3), nn.BatchNorm2d(5), nn.ReLU(), nn.Flatten(), nn.Linear(5 * 49, 4)
    return nn.Sequential(*parts).eval()


SMALL = [LayerShape(M=5, C=3, H=9, R=3), LayerShape.fc(M=4, C=5, H=7)]


def test_exported_and_compiled_modules_are_read():
    program = torch.export.export(small(), (torch.zeros(1, 3, 9, 9),))
    graph = torch.fx.symbolic_trace(small())
    for module in (
        program,
        program.module(),
        graph,
        torch.compile(small()),
        nn.Sequential(torch.compile(small())),
    ):
        assert layers(module, (1, 3, 9, 9)) == SMALL
    assert "Guard failed" in refusal(program, (2, 3, 9, 9))


@pytest.mark.filterwarnings("ignore")
def test_torchscript_is_refused():
    for made in (torch.jit.script(small()), torch.jit.trace(small(), torch.zeros(1, 3, 9, 9))):
        assert refusal(made, (1, 3, 9, 9)) == f"a {type(made).__name__}"
    assert refusal(nn.Sequential(made), (1, 3, 9, 9)).endswith(" at 0")


@pytest.mark.filterwarnings("ignore")
def test_weights_that_are_no_plain_numbers_are_refused():
    sparse = Module(lambda m, x: x @ m.w, w=nn.Parameter(torch.eye(8).to_sparse()))
    assert refusal(sparse, (1, 8)) == "the sparse tensor w, whose layer may do fewer or other MACs, in Module"
    quantised = torch.ao.quantization.quantize_dynamic(nn.Sequential(nn.Linear(8, 8)), {nn.Linear})
    assert refusal(quantised, (1, 8)).startswith(
        "the operator quantized::linear_dynamic, which is not known here"
    )


def test_a_filter_that_sees_one_channel_is_no_fc():
    network = networks.from_torch(nn.Sequential(nn.Conv2d(512, 512, 7, groups=512)), (1, 512, 7, 7))
    assert (len(network.conv), len(network.fc)) == (1, 0)
