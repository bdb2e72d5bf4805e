"""What stays where, against the tiles themselves."""

from drawn_hierarchies import placed
from hypothesis import given, settings

from cnnhw import LayerShape, Level, Machine
from cnnhw.counts.walk import _instances
from cnnhw.dataflows import DATAFLOWS
from cnnhw.machine.hierarchy import MAC
from cnnhw.mapper import search
from cnnhw.nest import INDICES

SHAPE = LayerShape(M=8, C=4, H=10, R=3)


def by_tiles(nest):
    """For how many passes, from the first on, the ranges of a tensor's dims do not change at one instance."""
    found = {}
    for level in (*nest.order.levels[1:], MAC):
        times = [min(places.items())[1] for _, places in sorted(_instances(nest, level).items())]
        for tensor, indices in INDICES.items():
            if level == MAC or tensor in nest.keeps[level]:
                dims = [dim for index in indices for dim in index]
                tiles = [[ranges[dim] for dim in dims] for ranges in times]
                passes = next((at for at, tile in enumerate(tiles) if tile != tiles[0]), len(tiles))
                if passes > 1:
                    found.setdefault(level, {})[str(tensor)] = passes
    return found


@settings(max_examples=100)
@given(placed(most_macs=100))
def test_it_is_how_long_the_first_tile_stays(drawn):
    nest, machine = drawn
    assert nest.on(machine).stationary() == by_tiles(nest.on(machine))


def test_the_dataflows_are_what_they_are_called():
    """What the MACs hold on to: weights in WS, psums in OS; in RS a PE keeps its rows of weights."""
    machine = Machine(8, 8, (Level("GLB", 4000), Level("RF", 64)))
    stay = {name: search(flow, SHAPE, machine).nest.stationary() for name, flow in DATAFLOWS.items()}
    assert set(stay["WS"][MAC]) == {"filter"}
    for name in ("OS_A", "OS_B", "OS_C"):
        assert set(stay[name][MAC]) == {"psum"}
    assert "filter" in stay["RS"]["RF"]
