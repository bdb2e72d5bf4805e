"""What a constraint says is what it compares: a reader whose layer does not fit has only its words."""

import pytest

from cnnhw import LayerShape
from cnnhw.dataflows import DATAFLOWS, Room
from cnnhw.dataflows.sizes import Sizes

SHAPE = LayerShape(N=23, M=29, C=31, H=41, W=47, R=3, S=5, U=2)
ROOM = Room(glb_words=101, rf_words=103, pes=107)
PARAMETERS = {"m": 2, "n": 3, "e": 5, "f": 7, "p": 11, "q": 13, "r": 17, "t": 19}
THERE = {
    " words fit the buffer": ROOM.glb_words,
    " words fit the register file": ROOM.rf_words,
    " word fits the register file": ROOM.rf_words,
    " PEs are there": ROOM.pes,
    " filters are among the m": PARAMETERS["m"],
    " filters are there": SHAPE.M,
    " images are there": SHAPE.N,
    " channels are there": SHAPE.C,
    " ofmap rows are there": SHAPE.E,
    " ofmap columns are there": SHAPE.F,
}


@pytest.mark.parametrize("dataflow", DATAFLOWS.values(), ids=DATAFLOWS)
def test_a_constraint_compares_what_it_says(dataflow):
    """The formula in its text gives what is needed; the words after the formula, what there is."""
    chosen = {name: PARAMETERS[name] for name in dataflow.parameters}
    z = Sizes.of(SHAPE)
    under = {"h": z.strip_rows(chosen.get("e", 1)), "w": z.strip_columns(chosen.get("f", 1))}
    for text, need, have in dataflow.constraints(SHAPE, chosen, ROOM):
        end = next(end for end in THERE if text.endswith(end))
        assert have == THERE[end], text
        assert need == eval(text.removesuffix(end), {}, {**vars(z), "U": SHAPE.U, **under, **chosen}), text
