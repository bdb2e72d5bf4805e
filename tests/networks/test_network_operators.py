"""Every operator of ONNX, and every one of PyTorch, is counted, passes for a reason, or is refused."""

import re
from pathlib import Path

import pytest

from cnnhw import CourseError
from cnnhw.networks import onnx_operators, torch_operators
from cnnhw.networks.onnx_graph import check_operator
from cnnhw.networks.torch_operators import verdict

# Names of what multiplies and adds up, whoever gives the name.
CONTRACTS = re.compile(
    "conv|mm|matmul|gemm|mv$|dot|product|einsum|attention|linear|rnn|lstm|gru|cell|dist|_bag|kron|outer|ger$|addr$"
    "|fft|dft|det$|linalg|cholesky|solve|qr$|svd|inv|grid|transformer|roialign|sparse|nested|determinant",
    re.IGNORECASE,
)
PASSES_ALL_THE_SAME = {
    "linalg_vector_norm": "a norm, as in a normalisation",
    "erfinv": "a function of one word",
    "lgamma digamma": "functions of one word",
    "cummax cummin": "comparisons",
    "hamming_window HammingWindow": "constants",
    "DequantizeLinear DynamicQuantizeLinear QuantizeLinear": "scaling of one word",
    "upsample_linear1d upsample_bilinear2d upsample_trilinear3d _upsample_bilinear2d_aa": "resizing",
}
EXCEPTIONS = {name for names in PASSES_ALL_THE_SAME for name in names.split()}


def passing(tables):
    return {name for name in tables.WITHOUT_MACS if CONTRACTS.search(name) and name not in EXCEPTIONS}


@pytest.mark.parametrize(
    ("tables", "counted"),
    [(torch_operators, torch_operators.COUNTED), (onnx_operators, onnx_operators.LAYERS)],
    ids=["torch", "onnx"],
)
def test_an_operator_has_one_verdict_and_none_that_contracts_passes(tables, counted):
    assert not counted & tables.WITHOUT_MACS
    assert not counted & tables.REFUSED
    assert not tables.WITHOUT_MACS & tables.REFUSED
    assert passing(tables) == set()


ONE_OF = ("MAKES", "MOVES", "ELEMENTWISE", "REDUCES", "POOLS", "NORMALISES")


def test_a_pytorch_operator_passes_for_one_reason():
    tables = [getattr(torch_operators, name) for name in ONE_OF]
    assert sum(map(len, tables)) == len(torch_operators.WITHOUT_MACS)


def names_of_pytorch():
    torch = pytest.importorskip("torch")
    names = {name.partition(".")[0] for name in torch._C._dispatch_get_all_op_names()}
    return torch, {tuple(name.split("::")) for name in names}


def test_every_operator_of_pytorch_that_contracts_is_counted_or_refused():
    torch, names = names_of_pytorch()
    assert len(names) > 1500
    verdicts = {(space, name): verdict(space, name) for space, name in names}
    assert {said for said in verdicts.values()} == {"counted", "passes", "refused", "not known"}
    assert all(said == "not known" for (space, _), said in verdicts.items() if space != "aten")
    contracting = {name: said for (_, name), said in verdicts.items() if CONTRACTS.search(name)}
    assert {name for name, said in contracting.items() if said == "passes"} <= {
        *EXCEPTIONS, *(name + "_" for name in EXCEPTIONS),
    }  # fmt: skip
    assert len(contracting) > 300


def test_what_pytorchs_own_counter_counts_does_not_pass():
    torch, _ = names_of_pytorch()
    from torch.utils.flop_counter import flop_registry

    packets = [packet for packet in flop_registry if hasattr(packet, "__name__")]
    assert len(packets) >= 15
    found = {packet.__name__: verdict("aten", packet.__name__) for packet in packets}
    assert {name for name, said in found.items() if said == "passes"} == set()
    assert {name for name, said in found.items() if said == "counted"} == {
        "mm", "addmm", "bmm", "baddbmm", "convolution",
    }  # fmt: skip


def test_no_name_in_the_table_is_misspelt():
    torch, names = names_of_pytorch()
    if not torch.__version__.startswith("2.13."):
        pytest.skip("the table names operators of PyTorch 2.13; another version may lack some")
    plain = {torch_operators.plain_name(name) for space, name in names if space == "aten"}
    tables = torch_operators.COUNTED | torch_operators.WITHOUT_MACS | torch_operators.REFUSED
    assert tables - plain == set()


def schemas():
    onnx = pytest.importorskip("onnx")
    return onnx, onnx.defs.get_all_schemas_with_history()


def is_refused(onnx, schema):
    try:
        check_operator(onnx.helper.make_node(schema.name, [], ["y"], "n", domain=schema.domain))
    except CourseError as error:
        assert schema.name in error.got and len(str(error).splitlines()) == 3
        return True
    return False


def test_every_operator_of_onnx_has_a_verdict():
    onnx, every = schemas()
    passed = {schema.name for schema in every if not is_refused(onnx, schema)}
    assert passed == onnx_operators.LAYERS | onnx_operators.WITHOUT_MACS
    assert {schema.domain for schema in every if not is_refused(onnx, schema)} == {""}
    assert {schema.name for schema in every} >= onnx_operators.REFUSED


def test_an_onnx_operator_that_runs_others_is_refused():
    """A subgraph may hold layers, and so may the function that an operator is short for."""
    onnx, every = schemas()
    graph = onnx.defs.OpSchema.AttrType.GRAPH
    running = [s for s in every if any(a.type == graph for a in s.attributes.values())]
    products = onnx_operators.LAYERS | onnx_operators.REFUSED
    short = [s for s in every if s.has_function and {n.op_type for n in s.function_body.node} & products]
    assert {"If", "Loop", "Scan", "SequenceMap"} <= {schema.name for schema in running}
    assert {"AffineGrid"} <= {schema.name for schema in short}
    passing = {schema.name for schema in (*running, *short) if not is_refused(onnx, schema)}
    assert passing == {"Range"}  # a loop that counts


PAGE = (Path(__file__).parents[2] / "docs" / "operators.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("heading", "table"),
    [
        ("ONNX: counted", onnx_operators.LAYERS),
        ("ONNX: refused by name", onnx_operators.REFUSED),
        ("PyTorch: counted", torch_operators.COUNTED),
        ("PyTorch: refused by name", torch_operators.REFUSED),
    ],
)
def test_the_page_of_operators_names_what_the_readers_know(heading, table):
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    named = re.findall(r"`(\w+)`", section)
    assert sorted(named) == sorted(table)
