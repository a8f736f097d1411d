"""Tests of replacing targets in a student's function, for cells written in various ways."""

import traceback
from typing import Any

import pytest

from grader.core.wire.assignment_target import Target
from grader.sandbox.inside.cell_notes import CellNotes
from grader.sandbox.inside.cells import CellRunner
from grader.sandbox.inside.substitute_tensors import SUBSTITUTES_NAME, SubstituteTensors

TARGETS = {"backward": [Target("delta"), Target("grad", ("W",))]}
PLAIN = """\
def backward(x):
    grad = {}
    delta = x + 1
    grad['W'] = delta * 10
    return grad, delta
"""


def run(*sources: str, statement_by_statement: bool = False) -> CellRunner:
    """Return a runner after these cells have run without an error."""
    cells = CellRunner({"__name__": "__main__"}, CellNotes())
    cells.statement_by_statement = statement_by_statement
    cells.enable_substitution(TARGETS)
    for number, source in enumerate(sources, 1):
        assert cells.run(f"cell {number}", source) is None
    return cells


def called(cells: CellRunner, name: str = "backward", **given: Any) -> tuple[Any, list[str]]:
    """Return a function's result for 1 with given targets, and the targets used. `W` stands for `grad['W']`."""
    tensors = SubstituteTensors(
        "backward", {"grad['W']" if label == "W" else label: item for label, item in given.items()}
    )
    cells.set_substitutes(tensors)
    value = cells.namespace[name](1)
    cells.set_substitutes({})
    return value, list(tensors.used_labels)


def test_a_given_target_is_assigned() -> None:
    """A given target has that value, and later values follow from it; other targets are computed."""
    cells = run(PLAIN)
    assert called(cells) == (({"W": 20}, 2), [])
    assert called(cells, delta=7) == (({"W": 70}, 7), ["delta"])
    assert called(cells, delta=7, W=5) == (({"W": 5}, 7), ["delta", "grad['W']"])
    assert called(cells) == (({"W": 20}, 2), [])


def test_a_given_target_replaces_a_blank() -> None:
    """A blank that is replaced by a given value is not evaluated."""
    assert called(run(PLAIN.replace("x + 1", "____")), delta=7) == (({"W": 70}, 7), ["delta"])


@pytest.mark.parametrize("statement_by_statement", [True, False])
def test_the_last_definition_counts(statement_by_statement: bool) -> None:
    """The last definition counts, in notebooks and scripts; other functions may call it."""
    older = PLAIN.replace("x + 1", "0").replace("delta * 10", "None")
    cells = run(
        older,
        f"if True:\n    {PLAIN.replace(chr(10), chr(10) + '    ')}",
        "again = backward",
        statement_by_statement=statement_by_statement,
    )
    assert called(cells, delta=7) == (({"W": 70}, 7), ["delta"])
    assert called(cells, "again", delta=7) == (({"W": 70}, 7), ["delta"])


def test_statements_after_an_error_are_changed() -> None:
    """Statements after one that raises, or doesn't parse, are changed like the others."""
    for broken in ("1 / 0", "def = 1"):
        cells = CellRunner({"__name__": "__main__"}, CellNotes())
        cells.statement_by_statement = True
        cells.enable_substitution(TARGETS)
        assert cells.run("cell 1", f"{broken}\n{PLAIN}") is not None
        assert called(cells, delta=7) == (({"W": 70}, 7), ["delta"])


def test_decorators_and_closures() -> None:
    """A decorated function is changed too, even if its decorator doesn't say what it wraps."""
    decorator = (
        "def quiet(f):\n    kept = []\n    def inner(x):\n        return f(x) if not kept else None\n    return inner\n"
    )
    assert called(run(decorator + "@quiet\n" + PLAIN), delta=7) == (({"W": 70}, 7), ["delta"])


def test_methods_and_inner_functions_are_unchanged() -> None:
    """Only functions at the top level are changed, not methods of that name or nested functions."""
    indented = PLAIN.replace("\n", "\n    ").replace("(x)", "(*args, x)")
    cells = run(f"class Network:\n    {indented}\nbackward = Network().backward\n".replace("(*args, x)", "(self, x)"))
    assert called(cells, delta=7) == (({"W": 20}, 2), [])
    inner = PLAIN.replace("\n", "\n    ")
    assert called(run(f"def make():\n    {inner}\n    return backward\nbackward = make()\n"), delta=7)[1] == []


def test_exceptions_keep_their_lines() -> None:
    """An exception is reported at the same line as without substitution."""
    cells = run(PLAIN.replace("return grad, delta", "return (grad, delta)[delta]"))
    with pytest.raises(IndexError) as caught:
        called(cells, delta=7)
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert (last.lineno, last.line) == (5, "return (grad, delta)[delta]")


def test_an_ordinary_job_has_no_substitutes() -> None:
    """Without targets to replace, the namespace holds no substitutes."""
    cells = CellRunner({}, CellNotes())
    cells.enable_substitution({})
    cells.set_substitutes({"delta": 7})
    assert SUBSTITUTES_NAME not in cells.namespace
