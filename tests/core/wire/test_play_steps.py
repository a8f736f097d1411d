"""Steps on objects do what their Python does, and what is judged is what was read.

Covers `core/wire/steps.py`, `core/wire/step_text.py` and `core/wire/lazy_values.py`.
"""

from typing import Any

import numpy as np
import pytest

from grader.core.wire.decode import decode
from grader.core.wire.encode import encode
from grader.core.wire.observe_call import observe
from grader.core.wire.play_steps import StepPlayer, find_function, find_method
from grader.core.wire.step_text import StepWriter, describe_attribute
from grader.core.wire.steps import Operand, Step, Steps, list_leaves
from grader.core.wire.values import InvalidValueError, Opaque


class Counter:
    """An object with state, a property, a class method and `__call__`."""

    made = 0

    def __init__(self, start: int = 0, *, by: int = 1) -> None:
        self.counts = np.array([float(start)])
        self.by = by

    def count(self, times: int) -> int:
        self.counts += times * self.by
        return int(self.counts[0])

    @property
    def last(self) -> float:
        return float(self.counts[0])

    @classmethod
    def make(cls) -> "Counter":
        return cls(7)

    def __call__(self, other: "Counter") -> float:
        return self.last + other.last

    def __getitem__(self, key: int) -> Any:
        return (item for item in [key, key + 1])

    def fail(self) -> None:
        raise AttributeError("inside")


def slot(number: int) -> Operand:
    """Return the operand for a slot."""
    return "slot", number


CONSTRUCT = Step("call", 0, None, (("argument", 1),))


def play(*steps: Step, result: Operand, args: tuple[Any, ...] = (3, 2)) -> Any:
    """Return the value that these steps of a counter give; raise what they raise."""
    observed = observe(Counter, (Steps(("Counter",), steps, result), *args))
    if observed.error is not None:
        raise observed.error
    return observed.value


def test_calls_keep_state() -> None:
    """A method changes the object, and a property reads what it left."""
    steps = CONSTRUCT, Step("get", 1, "count"), Step("call", 2, None, (("argument", 2),)), Step("get", 1, "last")
    assert play(*steps, result=("tuple", (slot(3), slot(4)))) == (5, 5.0)


def test_a_judged_value_is_copied_when_it_is_read() -> None:
    """An array that is read before a call that changes it in place is judged as it was."""
    steps = (
        CONSTRUCT,
        Step("get", 1, "counts"),
        Step("get", 1, "count"),
        Step("call", 3, None, (("argument", 2),)),
        Step("get", 1, "counts"),
    )
    found = play(*steps, result=("dict", (("before", slot(2)), ("after", slot(5)))))
    assert (found["before"].tolist(), found["after"].tolist()) == ([3.0], [5.0])


def test_objects_are_passed_on() -> None:
    """A class method makes an object, which is passed to another one's `__call__`, also by keyword and in a list."""
    made = CONSTRUCT, Step("get", 0, "make"), Step("call", 2)
    assert play(*made, Step("call", 1, None, (slot(3),)), result=slot(4)) == 10.0
    assert play(*made, Step("call", 1, None, (), (("other", slot(3)),)), result=slot(4)) == 10.0
    with pytest.raises(AttributeError, match="'list' object has no attribute 'last'"):
        play(*made, Step("call", 1, None, (("list", (slot(3),)),)), result=slot(4))


def test_attributes_and_items_are_set_and_read() -> None:
    """Attributes are set as in Python; a lazy item gives its items."""
    steps = CONSTRUCT, Step("set", 1, "by", (("argument", 2),)), Step("get", 1, "by"), Step("item", 1, 4)
    assert play(*steps, result=("list", (slot(3), slot(4)))) == [2, [4, 5]]
    with pytest.raises(TypeError, match="item assignment"):
        play(CONSTRUCT, Step("put", 1, 0, (("argument", 2),)), result=slot(1))


def test_an_argument_is_judged_as_it_is_afterwards() -> None:
    """An argument that was changed in place, or an item of it, is judged after all steps."""

    class Optimizer:
        def update(self, params: dict[str, Any]) -> None:
            params["W"] -= 1

    steps = Steps(
        ("Optimizer",),
        (Step("call", 0), Step("get", 1, "update"), Step("call", 2, None, (("argument", 1),))),
        ("argument", 1, "W"),
    )
    observed = observe(Optimizer, (steps, {"W": np.ones(2)}))
    assert observed.value.tolist() == [0.0, 0.0]
    assert observed.changed_arguments == (1,)
    assert steps.judged_arguments == {1}


def test_an_object_is_no_value() -> None:
    """An object that is judged becomes the name of its type."""
    assert play(CONSTRUCT, result=slot(1)) == Opaque("Counter")


def test_what_was_read_before_an_exception_stands() -> None:
    """If a step raises, the values that were read before it are kept by their keys, and the step is named."""
    steps = Steps(
        ("Counter",),
        (CONSTRUCT, Step("get", 1, "last"), Step("get", 1, "fail"), Step("call", 3)),
        ("dict", (("last", slot(2)), ("fail", slot(4)))),
    )
    player = StepPlayer(steps, [Counter])
    with pytest.raises(AttributeError):
        player.play(3)
    assert (player.collect_partial(), player.failed, player.is_missing) == ({"last": 3.0}, 3, False)
    assert player.method is Counter.fail


@pytest.mark.parametrize(("name", "is_missing"), [("los", True), ("odd", False), ("counts", False)])
def test_a_missing_attribute_is_told_from_a_property_that_raises(name: str, is_missing: bool) -> None:
    """Only an attribute that doesn't exist is missing; an AttributeError inside a property is an exception."""

    class Odd(Counter):
        @property
        def odd(self) -> int:
            return self.los  # type: ignore[attr-defined,no-any-return]  # it is missing on purpose

    steps = Steps(("Odd",), (Step("call", 0), Step("get", 1, name)), slot(2))
    player = StepPlayer(steps, [Odd])
    if name == "counts":
        player.play()
    else:
        with pytest.raises(AttributeError):
            player.play()
    assert player.is_missing is is_missing
    assert describe_attribute(steps, 1) == f"Odd.{name}"


def test_other_names_come_from_the_file_or_the_namespace() -> None:
    """Further global names are those of the class's file, or of the namespace that is given."""
    steps = Steps(("Counter", "slot"), (Step("call", 1, None, (("argument", 1),)),), slot(2))
    assert observe(Counter, (steps, 5)).value == ("slot", 5)
    assert observe(Counter, (steps, 5), (), {"slot": lambda n: n + 1}).value == 6


def test_methods_are_found_without_running_anything() -> None:
    """The function of a method, class method, property or call is found, also in a base class."""

    class Derived(Counter):
        pass

    assert find_method(Derived, "count") is Counter.count
    assert find_method(Derived, "last").__name__ == "last"  # type: ignore[union-attr]  # it is found
    assert find_method(Derived, "made") is None
    assert find_function(Derived) is Counter.__init__
    assert find_function(Derived(1)) is Counter.__call__
    assert find_function(Derived(1).count) is Counter.count
    assert find_function(len) is None


def test_steps_cross_the_wall() -> None:
    """Steps are decoded as they were encoded; other bytes behind their tag are refused."""
    steps = Steps(("A", "B"), (CONSTRUCT, Step("set", 2, "W", (("argument", 1),))), slot(2), ((2, "net"),), ("W",))
    assert decode(encode((steps, np.ones(2)), 10_000))[0] == steps
    with pytest.raises(InvalidValueError, match="aren't steps"):
        decode(b"P" + encode((1, 2), 100))
    with pytest.raises(InvalidValueError, match="aren't steps"):
        decode(b"P" + encode(((), ((1, 2, 3, 4, 5, 6),), (), (), ()), 100))
    with pytest.raises(InvalidValueError, match="aren't steps"):
        decode(b"P" * 100)


def test_steps_are_written_as_python() -> None:
    """The lines use the author's names; what has none is written where it is used, and large values as dots."""
    steps = Steps(
        ("Net",),
        (
            Step("call", 0, None, (("argument", 1), ("argument", 2))),
            Step("get", 1, "params"),
            Step("put", 2, "W", (("argument", 3),)),
            Step("get", 1, "train"),
            Step("call", 4, None, (("argument", 4),), (("rate", ("argument", 5)),)),
            Step("get", 1, "loss"),
            Step("call", 6, None, (("list", (("slot", 1), ("argument", 6))),)),
        ),
        ("tuple", (slot(7), slot(5))),
        ((1, "net"), (5, "history")),
        ("", "", "W", "", "", ""),
    )
    args = (steps, 3, "relu", np.ones((2, 2)), np.ones(9), 0.5, (1, 2))
    assert StepWriter(steps, args).write_lines() == [
        "net = Net(3, 'relu')",
        "net.params['W'] = W",
        "history = net.train(…, rate=0.5)",
        "(net.loss([net, (1, 2)]), history)",
    ]
    assert steps.last_arguments == {6}
    assert steps.is_composed


def test_leaves_are_listed_with_their_keys() -> None:
    """The leaves of an operand come with the keys that lead to them."""
    operand = "dict", (("a", ("list", (slot(1), slot(2)))), ("b", ("argument", 3)))
    assert list(list_leaves(operand)) == [(("a", 0), slot(1)), (("a", 1), slot(2)), (("b",), ("argument", 3))]
