"""Tests of the packages that can be imported in the sandbox, and of stand-ins for others."""

from collections.abc import Callable

import pytest

from grader.core.wire.job import JobResult, Read, Request
from grader.sandbox.inside.packages import NUMPY_MODULES, STANDARD_MODULES
from grader.sandbox.sandbox import Sandbox

Run = Callable[..., JobResult]


def test_every_listed_module_can_be_imported(run: Run) -> None:
    """Each module on the list is the real one."""
    outcome = run("\n".join(f"import {name}" for name in (*STANDARD_MODULES, *NUMPY_MODULES) if name != "__future__"))
    assert (outcome.cells[0].raised, outcome.cells[0].remarks) == (None, ())


def test_help_prints_documentation(run: Run) -> None:
    """`help` and pydoc print, also without a person who could ask, and open no file."""
    cell = (
        "import pydoc\ndef twice(x):\n    'Twice x.'\nhelp(twice)\nhelp('for')\nhelp()\npydoc.pager('paged')\n"
        "help(twice.__code__)\nhelp('modules x')\nprint(pydoc.render_doc(twice).count('Twice'))"
    )
    (ran,) = run(cell).cells
    assert (ran.raised, ran.remarks) == (None, ("`input()` returns an empty string here: nobody can answer.",))
    assert "twice(x)\n    Twice x." in ran.printed


def test_every_name_of_numpy_is_available(run: Run) -> None:
    """`from numpy import *` works, and every common function is available without opening a file."""
    cell = (
        "from numpy import *\nimport numpy as np\n"
        "a = [np.linalg.svd(np.eye(3)), np.fft.fft(np.ones(4)), np.einsum('ij,jk', np.eye(2), np.eye(2)),\n"
        "     np.unique(np.array([1, 1])), np.median(np.ones(3)), np.polyfit([1, 2, 3], [1, 2, 3], 1),\n"
        "     np.random.default_rng(0).choice(5, 3), np.histogram([1, 2]), np.pad(np.ones(2), 1), np.i0(1.0),\n"
        "     np.vectorize(abs)(np.ones(2)), np.lexsort(([1],)), np.cov(np.eye(2)), np.array2string(np.eye(2)),\n"
        "     np.datetime64('2020-01-01'), np.testing.assert_allclose(1, 1), np.ma.masked_array([1], [1]).mean()]\n"
        "from datetime import datetime\ndatetime.strptime('2020', '%Y')\n'é'.encode('shift_jis', 'ignore')\n"
    )
    outcome = run(cell)
    assert (outcome.cells[0].raised, outcome.cells[0].remarks) == (None, ())


def test_libraries_see_missing_modules(run: Run) -> None:
    """A library that looks for another one finds it missing: only a cell gets the stand-in."""
    cell = "import codecs\ntry:\n    'x'.encode('no_such_code')\nexcept LookupError as error:\n    x = str(error)"
    outcome = run(cell, requests=(Request("x", "check", (Read("x"),)),))
    assert outcome.answers[0].results[0].value == "unknown encoding: no_such_code"
    assert outcome.cells[0].remarks == ()


def test_a_missing_package_gives_one_remark(run: Run) -> None:
    """A package that isn't available gives one remark in a cell, with the imported name."""
    outcome = run("import torch\nimport torch.nn as nn\nfrom torch.utils.data import DataLoader", "import torch")
    assert outcome.cells[0].remarks == (
        "`torch` is not available here: code that uses it raises an error, the rest runs.",
    )
    assert outcome.cells[1].remarks == ()


@pytest.mark.parametrize("name", ["scipy.special", "no_such_package_anywhere"])
def test_a_course_may_allow_packages(name: str) -> None:
    """A package that the course allows is real if the machine has it, and else a stand-in."""
    from grader.core.wire.job import Job
    from grader.core.wire.submission import Cell

    there = name.startswith("scipy")
    cell = Cell(f"import {name} as package\nx = float(package.expit(0.0))", label="cell 1")
    with Sandbox(packages=[name]) as sandbox:
        outcome = sandbox.run(Job((cell,), (Request("x", "check", (Read("x"),)),)))
    returned = outcome.answers[0].results[0]
    assert (returned.value == 0.5, returned.raised is None, outcome.cells[0].remarks == ()) == (there, there, there)
