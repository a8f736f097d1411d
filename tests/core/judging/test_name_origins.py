"""Tests of the search for the cell that defines a name."""

import pytest

from grader.core.judging.name_origins import NameOrigins, defines_name
from grader.core.wire.job import CellRun, ExceptionInfo, Job
from grader.core.wire.submission import Cell

DEFINES = [
    "def f(x):",
    "    async def f(x):",
    "class f:",
    "f = 3",
    "a, f = 1, 2",
    "f += 1",
    "x = 1; f = 2",
    "import f",
    "import numpy as f",
    "from m import g, f",
    "from m import (\n    g,\n    f,\n)",
    "for i, f in pairs:",
    "with open('x') as f:",
    "f: float = 3",
]
DOES_NOT = [
    "f(3)",
    "assert f(3) == 3",
    "if f != 3: pass",
    "plot(f, label='f')",
    "for i in f:",
    "with f(3) as g:",
    "def g(x=f): pass",
    "ff = 3",
    "f <= 3",
    "",
]


@pytest.mark.parametrize("source", DEFINES)
def test_definitions_are_found(source: str) -> None:
    """Every statement that gives a name its value is found by its text."""
    assert defines_name(source, "f")


@pytest.mark.parametrize("source", DOES_NOT)
def test_uses_are_not_definitions(source: str) -> None:
    """A use of a name, a comparison and a keyword argument define nothing."""
    assert not defines_name(source, "f")


@pytest.mark.parametrize(("line", "name", "found"), [(2, "f", True), (3, "f", True), (2, "g", False), (7, "g", True)])
def test_a_decorator_that_raises_keeps_its_function_from_being_defined(line: int, name: str, found: bool) -> None:
    """In a script, a function is missing because of its decorators, and not because of those of another function."""
    source = "import numpy\n@wrap\n@numpy.nothing\n\ndef f(x):\n    return x\n@wrap\ndef g(x):\n    return x\n"
    raised = ExceptionInfo("NameError", "", "script", line, source.split("\n")[line - 1])
    job = Job((Cell(source, "code", "script"),), (), statement_by_statement=True)
    origins = NameOrigins(job, (CellRun("script", raised=raised),))
    assert (origins.find_cause(name, "q") is not None) == found
