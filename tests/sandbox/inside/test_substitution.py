"""Targets of a student's function set right, as its cells may be written."""

import traceback
from typing import Any

import pytest

from grader.core.wire.assignment_target import Target
from grader.sandbox.inside.cells import CellRunner
from grader.sandbox.inside.notes import CellNotes
from grader.sandbox.inside.substitution import SUBSTITUTES_NAME, SubstituteTensors

TARGETS = {"backward": [Target("delta"), Target("grad", ("W",))]}
PLAIN = """\
def backward(x):
    grad = {}
    delta = x + 1
    grad['W'] = delta * 10
    return grad, delta
"""


def run(*sources: str, one_by_one: bool = False) -> CellRunner:
    """Cells after these have run without an error."""
    cells = CellRunner({"__name__": "__main__"}, CellNotes())
    cells.statement_by_statement = one_by_one
    cells.enable_substitution(TARGETS)
    for number, source in enumerate(sources, 1):
        assert cells.run(f"cell {number}", source) is None
    return cells


def called(cells: CellRunner, name: str = "backward", **given: Any) -> tuple[Any, list[str]]:
    """What a function gives for 1 with tensors for its targets, and which were taken. `W` stands for `grad['W']`."""
    tensors = SubstituteTensors(
        "backward", {"grad['W']" if label == "W" else label: item for label, item in given.items()}
    )
    cells.set_substitutes(tensors)
    value = cells.namespace[name](1)
    cells.set_substitutes({})
    return value, list(tensors.used_labels)


def test_what_is_given_is_assigned() -> None:
    """A target that is given has that value, and what follows from it too; one that isn't is worked out."""
    cells = run(PLAIN)
    assert called(cells) == (({"W": 20}, 2), [])
    assert called(cells, delta=7) == (({"W": 70}, 7), ["delta"])
    assert called(cells, delta=7, W=5) == (({"W": 5}, 7), ["delta", "grad['W']"])
    assert called(cells) == (({"W": 20}, 2), [])


def test_an_empty_blank_before_it() -> None:
    """A blank that is set right is not met."""
    assert called(run(PLAIN.replace("x + 1", "____")), delta=7) == (({"W": 70}, 7), ["delta"])


@pytest.mark.parametrize("one_by_one", [True, False])
def test_the_last_definition_and_later_cells(one_by_one: bool) -> None:
    """The last definition is the one that counts, in notebooks and scripts; other functions may call it."""
    older = PLAIN.replace("x + 1", "0").replace("delta * 10", "None")
    cells = run(
        older, f"if True:\n    {PLAIN.replace(chr(10), chr(10) + '    ')}", "again = backward", one_by_one=one_by_one
    )
    assert called(cells, delta=7) == (({"W": 70}, 7), ["delta"])
    assert called(cells, "again", delta=7) == (({"W": 70}, 7), ["delta"])


def test_a_script_that_goes_on_after_an_error() -> None:
    """Statements behind one that raises, or doesn't parse, are changed like the others."""
    for broken in ("1 / 0", "def = 1"):
        cells = CellRunner({"__name__": "__main__"}, CellNotes())
        cells.statement_by_statement = True
        cells.enable_substitution(TARGETS)
        assert cells.run("cell 1", f"{broken}\n{PLAIN}") is not None
        assert called(cells, delta=7) == (({"W": 70}, 7), ["delta"])


def test_decorators_and_closures() -> None:
    """A decorated function is set right behind its decorator, also where that doesn't tell what it wraps."""
    decorator = (
        "def quiet(f):\n    kept = []\n    def inner(x):\n        return f(x) if not kept else None\n    return inner\n"
    )
    assert called(run(decorator + "@quiet\n" + PLAIN), delta=7) == (({"W": 70}, 7), ["delta"])


def test_methods_and_inner_functions_are_left_alone() -> None:
    """Only functions at the top level are set right: no method of that name, and nothing within another function."""
    indented = PLAIN.replace("\n", "\n    ").replace("(x)", "(*args, x)")
    cells = run(f"class Network:\n    {indented}\nbackward = Network().backward\n".replace("(*args, x)", "(self, x)"))
    assert called(cells, delta=7) == (({"W": 20}, 2), [])
    inner = PLAIN.replace("\n", "\n    ")
    assert called(run(f"def make():\n    {inner}\n    return backward\nbackward = make()\n"), delta=7)[1] == []


def test_lines_stay() -> None:
    """An exception tells the line that it told before."""
    cells = run(PLAIN.replace("delta * 10", "1 / (delta - 7)"))
    with pytest.raises(ZeroDivisionError) as caught:
        called(cells, delta=7)
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert (last.lineno, last.line) == (4, "grad['W'] = 1 / (delta - 7)")


def test_an_ordinary_job_has_no_trace_of_it() -> None:
    """Where nothing may be set right, the namespace holds nothing of it."""
    cells = CellRunner({}, CellNotes())
    cells.enable_substitution({})
    cells.set_substitutes({"delta": 7})
    assert SUBSTITUTES_NAME not in cells.namespace
