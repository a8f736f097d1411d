"""The calls that a reference makes of other functions are recorded, without a change of its module.

Covers `core/judging/recorded_methods.py`.
"""

from types import ModuleType
from typing import Any

import numpy as np

from grader.core.judging.recorded_calls import MAX_RECORDED_CALLS, RecordedCalls, find_named_functions, record_calls
from grader.core.judging.recorded_methods import find_named_methods
from grader.core.questions.checks import Output
from grader.core.wire.steps import Step, Steps

SOURCE = """
import numpy as np
table = []
def square(x, power=2): return x ** power
def twice(x): return 2 * square(x)
def total(x): return np.sum(twice(x) + square(x=x + 1))
def through_a_class(x):
    class Layer:
        def run(self): return square(x)
    return Layer().run()
def through_a_comprehension(xs): return sum(square(x) for x in xs)
def recursive(n): return 1 if n == 0 else square(n) + recursive(n - 1)
def fill(x): x[:] = 0
def uses_fill(x):
    y = np.ones(2)
    fill(y)
    return square(x) + y.sum()
def draw(rng): return rng.normal()
def uses_draw(x): return draw(np.random.default_rng(0)) + square(x)
def apply(f, x): return f(x)
def uses_apply(x): return apply(square, x) + square(x)
def often(x): return sum(square(x + i) for i in range(1000))
def fails(x): return square(x) / square
def unrelated(x): return x.square
"""
ASKED = ("square", "twice", "total", "fill", "draw", "apply")


def make_module() -> ModuleType:
    """Return a module of functions that call each other."""
    module = ModuleType("made")
    exec(SOURCE, vars(module))
    return module


def record(function: str, *args: Any) -> RecordedCalls:
    """Return the calls of a function of the module."""
    module = make_module()
    before = dict(vars(module))
    found = record_calls(vars(module)[function], {name: vars(module)[name] for name in ASKED}, args, Output())
    assert vars(module) == before
    return found


def known(found: RecordedCalls) -> list[tuple[str, tuple[Any, ...], Any]]:
    """Return the known calls as tuples."""
    return [(one.function, one.args, one.result) for one in found.known]


def test_calls_are_recorded_in_order() -> None:
    """Direct calls and those through others are recorded, with arguments by place and the result."""
    found = record("total", 3.0)
    assert known(found) == [("square", (3.0,), 9.0), ("twice", (3.0,), 18.0), ("square", (4.0,), 16.0)]
    assert found.functions == {"square", "twice"}
    assert found.output == 34.0


def test_calls_from_inner_code() -> None:
    """Calls in a class, a comprehension or a recursion are recorded; calls of the function itself are not."""
    assert known(record("through_a_class", 2.0)) == [("square", (2.0,), 4.0)]
    assert [args for _, args, _ in known(record("through_a_comprehension", [1.0, 2.0]))] == [(1.0,), (2.0,)]
    assert {name for name, *_ in known(record("recursive", 3))} == {"square"}
    assert known(record("square", 3.0)) == []


def test_what_is_not_known() -> None:
    """A call that changes an argument, or takes a function or a generator, is called but not known."""
    for function, helper in (("uses_fill", "fill"), ("uses_draw", "draw"), ("uses_apply", "apply")):
        found = record(function, 3.0)
        assert found.functions == {"square", helper}
        assert {name for name, *_ in known(found)} == {"square"}


def test_arguments_and_results_are_copies() -> None:
    """What was recorded doesn't change with the values."""
    x = np.ones(2)
    found = record("twice", x)
    x += 5
    assert np.array_equal(found.known[0].args[0], np.ones(2))


def test_limits() -> None:
    """With more calls or larger values than are sent, none is known; an exception ends the recording."""
    assert MAX_RECORDED_CALLS < 1000
    assert record("often", 1.0).known == ()
    assert record("twice", np.ones(10**6)).known == ()
    assert record("fails", 1.0).functions == {"square"}


def test_named_functions() -> None:
    """The functions that a text names are found without a run, through its module's functions."""
    module = vars(make_module())
    others = {name: module[name] for name in ASKED}
    assert find_named_functions(module["total"], others) == {"square", "twice"}
    assert find_named_functions(module["through_a_class"], others) == {"square"}
    assert find_named_functions(module["square"], others) == frozenset()
    assert find_named_functions(np.sum, others) == frozenset()


class Model:
    """A class whose methods call each other."""

    def __init__(self) -> None:
        self.w = 1.0

    def loss(self, x: float) -> float:
        return self.w * x

    def double(self, x: float) -> float:
        return 2 * self.loss(x)

    def train(self, x: float) -> float:
        for _ in range(2):
            self.w += self.double(x)
        return self.w


MODEL: Any = {"Model.loss": Model, "Model.train": Model}


def test_calls_between_methods_are_recorded_in_their_order() -> None:
    """Calls of a method by other methods are recorded, also with equal arguments; those of the check itself aren't."""
    steps = Steps(
        ("Model",),
        (
            *(Step("call", 0), Step("get", 1, "loss"), Step("call", 2, None, (("argument", 1),))),
            *(Step("get", 1, "train"), Step("call", 4, None, (("argument", 1),))),
        ),
        ("slot", 5),
    )
    recorded = record_calls(Model, MODEL, (steps, 1.0), Output())
    assert [(one.function, one.args, one.result) for one in recorded.known] == [
        ("Model.loss", (1.0,), 1.0),
        ("Model.loss", (1.0,), 3.0),
    ]
    assert recorded.output == 9.0
    assert recorded.functions == {"Model.loss"}


def test_methods_are_found_by_their_names_in_the_text() -> None:
    """A method names those that it calls, also through another method; not itself."""
    assert find_named_methods("Model.train", Model, MODEL) == {"Model.loss"}
    assert find_named_methods("Model.loss", Model, MODEL) == frozenset()
