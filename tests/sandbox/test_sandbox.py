"""Tests of running jobs: order, replays, and the zygotes in use.

Covers `sandbox/job_runner.py` and `sandbox/inside/plotting.py`.
"""

import os
import signal
from collections.abc import Callable

import numpy as np
import pytest

from grader.core.errors import SandboxUnavailable
from grader.core.wire.job import Answer, Call, Job, JobResult, Limits, Read, Request, Status
from grader.core.wire.submission import Cell
from grader.core.wire.values import Value
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox

Run = Callable[..., JobResult]
Ask = Callable[..., Request]

GENEROUS = Limits(cpu=10.0, wall=60.0)
COUNT = "seen = []\ndef f(x):\n    seen.append(x)\n    return list(seen)\ndef die():\n    import os; os._exit(0)"


def value(answer: Answer) -> Value:
    """Return the only value of an answer."""
    return answer.results[0].value


def test_an_empty_job(run: Run) -> None:
    """Without cells and requests the result is empty."""
    outcome = run()
    assert (outcome.cells, outcome.answers) == ((), ())


def test_usage_is_reported(run: Run, call: Ask) -> None:
    """A result reports the level, the CPU time and the peak memory."""
    outcome = run("import numpy as np\ndef f(): return float(np.ones(10**7)[0])", requests=(call("f"),))
    assert outcome.level in {str(level) for level in Level}
    assert outcome.cpu > 0
    assert outcome.peak_memory > 8 * 10**7


def test_visible_requests_run_before_hidden_ones(run: Run, call: Ask) -> None:
    """Whatever the order of the checks, no hidden input is sent before the last visible answer."""
    requests = (
        call("f", "hidden", question="a", hidden=True),
        call("f", "visible", question="b"),
        call("f", "hidden too", question="c", hidden=True),
        call("f", "visible too", question="d"),
    )
    hidden, visible, _, last = run(COUNT, requests=requests).answers
    assert value(visible) == ["visible"]
    assert value(last) == ["visible", "visible too"]
    assert value(hidden) == ["visible", "visible too", "hidden"]


def test_hidden_requests_wait_for_a_second_child(run: Run, call: Ask) -> None:
    """A visible request that needs a child of its own is answered before any hidden one."""
    other = Limits(cpu=10.0, wall=60.0, memory=2**28)
    requests = (
        call("f", 1, question="a", hidden=True),
        call("f", 2, question="b"),
        call("f", 3, question="c", limits=other),
    )
    assert [value(answer) for answer in run(COUNT, requests=requests).answers] == [[1], [2], [3]]


def test_finished_answers_stand(run: Run, call: Ask) -> None:
    """After a death a fresh child replays the cells; answered requests aren't repeated."""
    requests = (call("f", 1, question="a"), call("die"), call("f", 2, question="b"), call("f", 3, question="c"))
    answers = run(COUNT, requests=requests).answers
    assert [answer.ended for answer in answers] == [Status.DONE, Status.DIED, Status.DONE, Status.DONE]
    assert [value(answers[i]) for i in (0, 2, 3)] == [[1], [2], [2, 3]]


def test_the_rest_of_a_dead_question_is_skipped(run: Run, call: Ask) -> None:
    """Other requests of a question that died say why they weren't run."""
    requests = (call("f", 1, question="q"), call("die", question="q"), call("f", 2, question="q"))
    answers = run(COUNT, requests=requests).answers
    assert [(answer.ended, answer.skipped) for answer in answers] == [
        (Status.DONE, False),
        (Status.DIED, False),
        (Status.DIED, True),
    ]


def test_a_cell_that_dies_runs_once(run: Run) -> None:
    """Several cells that die are lost; the cells around them stand."""
    die = "import os\nos._exit(0)"
    requests = (Request("q", "check", (Read("a"), Read("b"), Read("c"))),)
    outcome = run("a = 1", die, "b = a + 1", die, "c = b + 1", requests=requests)
    assert [cell.ended for cell in outcome.cells] == [Status.DONE, Status.DIED, Status.DONE, Status.DIED, Status.DONE]
    assert [returned.value for returned in outcome.answers[0].results] == [1, 2, 3]


def test_the_first_run_of_a_cell_is_reported(run: Run, call: Ask) -> None:
    """A cell's report is that of the first run, not of a replay, which may print something else."""
    cell = "import os\nprint('x')\ndef die(): os._exit(0)"
    outcome = run(cell, requests=(call("die", question="a"), call("die", question="b")))
    assert (outcome.cells[0].printed, outcome.cells[0].ended) == ("x\n", Status.DONE)


def test_a_job_does_not_affect_the_next(run: Run, call: Ask) -> None:
    """Names, patched modules and open state of one job are gone in the next."""
    meddle = "import numpy as np, builtins\nx = 1\nnp.sum = builtins.len = None\nimport sys\nsys.modules['math'] = None"
    run(meddle)
    outcome = run(
        "import math, numpy as np\ny = len([np.sum([1, 2])])", requests=(Request("q", "c", (Read("x"), Read("y"))),)
    )
    x, y = outcome.answers[0].results
    assert (x.raised is not None, y.value, outcome.cells[0].raised) == (True, 1, None)


def test_matplotlib_is_loaded_on_demand() -> None:
    """The zygote with matplotlib starts with the first job that plots; a magic alone doesn't count."""

    def job(source: str) -> Job:
        return Job((Cell(source, label="cell 1"),), ())

    with Sandbox() as sandbox:
        plain = sandbox.run(job("%matplotlib inline\nimport sys\nprint('matplot' 'lib' in sys.modules)"))
        assert plain.cells[0].printed == "False\n"
        started = [sandbox._plotting]
        plots = sandbox.run(job("import matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()"))
        assert plots.cells[0].raised is None
        started.append(sandbox._plotting)
        assert [launcher is None for launcher in started] == [True, False]
        assert plots.level == plain.level


def test_matplotlib_of_a_helper_module(run: Run) -> None:
    """A helper module of the course may plot, too."""
    modules = {
        "common": "",
        "common.plots": "import matplotlib.pyplot as plt\ndef draw():\n    plt.plot([1])\n    plt.show()",
    }
    outcome = run("from common.plots import draw\ndraw()", modules=modules)
    assert (outcome.cells[0].raised, outcome.cells[0].remarks) == (None, ())


def test_a_zygote_that_died_is_replaced(call: Ask) -> None:
    """A sandbox whose zygote has been killed starts another, and the job is done."""
    job = Job((Cell("def f(): return 1", label="cell 1"),), (call("f"),))
    with Sandbox() as sandbox:
        first = sandbox.run(job)
        launcher = sandbox._plain
        os.kill(launcher.pid, signal.SIGKILL)  # type: ignore[union-attr]  # it is a Zygote
        second = sandbox.run(job)
    assert value(first.answers[0]) == value(second.answers[0]) == 1


def test_an_unavailable_level_is_refused() -> None:
    """A machine that offers less than the minimum is refused with one line that points to the diagnosis."""
    with pytest.raises(SandboxUnavailable, match=r"level seccomp, but full is asked for; `grader doctor` says why"):
        Sandbox(level=Level.SECCOMP, min_level=Level.FULL).__enter__()


def test_calls_of_one_request_run_in_order(run: Run) -> None:
    """Several calls of one request are made in order, each with its own arguments."""
    x = np.zeros(2)
    cell = "def f(x):\n    x += 1\n    return x"
    answer = run(cell, requests=(Request("f", "check", (Call("f", (x,), (), True), Call("f", (x,)))),)).answers[0]
    first, second = answer.results
    assert [first.value.tolist(), second.value.tolist(), x.tolist()] == [[1, 1], [1, 1], [0, 0]]
    assert first.arguments
    assert (first.arguments[0].tolist(), first.changed_arguments, second.changed_arguments) == ([1, 1], (0,), (0,))
