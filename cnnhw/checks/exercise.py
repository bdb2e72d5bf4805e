"""The four kinds of exercise, as plain values: what is asked, what is right, which mistakes are known."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from cnnhw.checks.domain import Domain


def _sizes_themselves(rng: np.random.Generator, **sizes):
    return tuple(sizes.values())


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """What every exercise has.

    name      what the student types: check("name", name)
    notebook  the file it belongs to, without its ending: "03_convolution"
    points    what a right answer earns
    rule      the specification in words, in one line, shown when an answer is wrong for the second time
    formula   the same as a formula, shown from the third time on; "" if the rule is all there is to say
    mistakes  label -> a plausible wrong answer; an answer equal to one gets the hint
              "this is what you get when " + label
    seconds   time limit for each call of the student's code; chosen for teaching
    """

    name: str
    notebook: str
    points: int
    rule: str
    formula: str = ""
    mistakes: Mapping[str, object] = field(default_factory=dict)
    seconds: float = 5.0


@dataclass(frozen=True, kw_only=True)
class Function(Exercise):
    """The student writes a function; it must agree with `reference` on every case.

    reference       the right function; its parameters are the signature the student is shown
    worked          arguments of the notebook's worked examples, tried as they are
    cases           sizes of each visible case, handed to `draw` by keyword
    hidden          sizes of the further cases that only grade() tries
    domain          every input the rule speaks of; further cases, visible and hidden, are drawn from it
    drawn           how many cases are drawn from the domain, visible and hidden; fewer for a slow reference
    draw            draw(rng, **sizes) -> the arguments, as a tuple; left out, the sizes are the arguments
    tolerance       None: exactly equal. Otherwise the largest difference that passes, relative to the
                    largest expected magnitude
    without         library code that would answer the exercise, by dotted names of modules and functions
                    ("cnnhw.conv", "numpy.convolve"): an answer that calls it is refused
    cost            cost(*arguments) -> {"multiplications": most, "additions": most}, either or both; the
                    answer is given arrays of numbers that count, on the largest listed case
    counts          counts(*arguments) -> {"MACs": 24, ...}, summed over the cases on success
    mistakes        label -> a wrong function with the reference's parameters

    >>> def reference(H, R):
    ...     return H - R + 1
    >>> Function(name="ofmap_height", notebook="03_convolution", points=1, rule="E = H - R + 1",
    ...          reference=reference, cases=({"H": 5, "R": 2},), hidden=({"H": 7, "R": 3},)).signature
    'ofmap_height(H, R)'
    """

    reference: Callable
    cases: tuple[Mapping, ...]
    hidden: tuple[Mapping, ...]
    worked: tuple[tuple, ...] = ()
    domain: Domain | None = None
    drawn: tuple[int, int] = (20, 60)
    draw: Callable[..., tuple] = _sizes_themselves
    tolerance: float | None = None
    without: tuple[str, ...] = ()
    cost: Callable[..., Mapping[str, int]] | None = None
    counts: Callable[..., Mapping[str, int]] | None = None

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the reference's parameters."""
        return tuple(inspect.signature(self.reference).parameters)

    @property
    def signature(self) -> str:
        """How the student's function is called, without annotations."""
        shown = inspect.signature(self.reference)
        bare = [p.replace(annotation=inspect.Parameter.empty) for p in shown.parameters.values()]
        return self.name + str(inspect.Signature(bare))


@dataclass(frozen=True, kw_only=True)
class Number(Exercise):
    """The student predicts one number.

    answer     the right number, or a function without parameters that computes it
    unit       what is counted, such as "MACs"
    tolerance  largest difference that passes, relative to the right number; 0 demands the exact number
    mistakes   label -> a wrong number
    """

    answer: float | Callable[[], float]
    unit: str
    tolerance: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Value(Exercise):
    """The student builds one value: an array, a word, a tuple, a LayerShape.

    answer     the right value, or a function without parameters that computes it
    tolerance  as for Function
    mistakes   label -> a wrong value
    """

    answer: object
    tolerance: float | None = None


@dataclass(frozen=True, kw_only=True)
class Open(Exercise):
    """The student designs something; it must have every property.

    wants       the type of the answer, such as LayerShape; a tuple or list may come as either, or as an array
    properties  pairs of a sentence and a predicate on the answer
    definition  definition(answer) -> whether the whole rule holds: slow and plain, from the rule's words,
                without the code of `properties`; `cnnhw exercises --mutants` compares the two
    nearby      nearby() -> further answers, right and wrong, on which the two must agree
    score       score(answer) -> the number to make small (or large), printed beside bar and best known
    unit        what the score counts
    bar         the score that a right answer must reach
    best        the best score known, and a sentence that says where it comes from
    draw        draw(answer) -> a Picture of the student's own answer, shown below the feedback
    mistakes    label -> an answer that lacks a property
    """

    wants: type
    properties: tuple[tuple[str, Callable[[object], bool]], ...]
    definition: Callable[[object], bool] | None = None
    nearby: Callable[[], Iterable] = tuple
    score: Callable[[object], float] | None = None
    unit: str = ""
    bar: float | None = None
    best: tuple[float, str] | None = None
    draw: Callable[[object], object] | None = None
