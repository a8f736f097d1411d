"""Tests of limits: each has its verdict and name, and code that hits one doesn't affect the rest.

Covers `sandbox/inside/limits.py`, `sandbox/inside/repeated_sleep.py`, `sandbox/sleep_meter.py` and
`sandbox/process_activity.py`.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from grader.core.report.sentences import limit_sentence
from grader.core.wire.job import Answer, Call, JobResult, LimitHit, Limits, Read, Request, Status
from grader.core.wire.values import Value

Run = Callable[..., JobResult]
Ask = Callable[..., Request]

GENEROUS = Limits(cpu=10.0, wall=60.0)
SHORT = replace(GENEROUS, cpu=0.3)
RIGHT = "import numpy as np\ndef right(x):\n    return x + 1\n"

BAD = {
    "an endless loop": ("while True: pass", SHORT, Status.TIME_LIMIT, "cpu"),
    "an endless loop in C": ("sum(iter(int, 1))", SHORT, Status.TIME_LIMIT, "cpu"),
    "sleep": ("import time; time.sleep(10**6)", replace(GENEROUS, wall=0.3), Status.TIME_LIMIT, "wall"),
    "a large array": ("np.ones(10**11)", GENEROUS, Status.MEMORY_LIMIT, "memory"),
    "many arrays": ("[np.empty(10**7) for _ in range(10**6)]", GENEROUS, Status.MEMORY_LIMIT, "memory"),
    "a large answer": ("return np.zeros(10**7)", GENEROUS, Status.OUTPUT_LIMIT, "output"),
    "leaving": ("import os; os._exit(0)", GENEROUS, Status.DIED, None),
    "a crash": ("import ctypes; ctypes.string_at(0)", GENEROUS, Status.DIED, None),
}


def value(answer: Answer) -> Value:
    """Return the only value of an answer."""
    assert answer.ended is Status.DONE
    return answer.results[0].value


@pytest.mark.parametrize(("body", "limits", "ended", "name"), BAD.values(), ids=BAD.keys())
def test_a_bad_question_affects_only_itself(
    run: Run, call: Ask, body: str, limits: Limits, ended: Status, name: str | None
) -> None:
    """A question that hangs, dies or uses too much gets its verdict; all others get theirs."""
    bad = f"def bad():\n    {body}\n"
    requests = (
        call("right", 1, question="first"),
        call("bad", limits=limits),
        call("bad", limits=limits),
        call("right", 2, question="second"),
        call("right", 3, question="third", hidden=True),
    )
    outcome = run(RIGHT, bad, requests=requests)
    first, one, other, second, third = outcome.answers
    assert (value(first), value(second), value(third)) == (2, 3, 4)
    assert one.ended is other.ended is ended
    assert (one.limit.name if one.limit else None) == name
    assert other.skipped or ended is Status.OUTPUT_LIMIT
    assert not one.skipped


@pytest.mark.parametrize(
    ("body", "limits", "ended", "name"), [case for key, case in BAD.items() if key != "a large answer"]
)
def test_a_bad_cell_affects_only_itself(
    run: Run, call: Ask, body: str, limits: Limits, ended: Status, name: str | None
) -> None:
    """A bad cell loses its definitions, and the other cells keep theirs."""
    outcome = run(RIGHT, "np = np\n" + body, "x = 1", requests=(call("right", 1), READ_X), cell_limits=limits)
    cell = outcome.cells[1]
    assert cell.ended is ended
    assert (cell.limit.name if cell.limit else None) == name
    assert [run.ended for run in outcome.cells if run is not cell] == [Status.DONE, Status.DONE]
    assert [value(answer) for answer in outcome.answers] == [2, 1]


READ_X = Request("x", "check", (Read("x"),), limits=GENEROUS)


def test_printed_text_is_kept_up_to_its_limit(run: Run) -> None:
    """Printed text is kept up to a limit in bytes of UTF-8, in whole characters; all of it is counted."""
    outcome = run("print('é' * 10_000)", cell_limits=replace(GENEROUS, printed=101))
    cell = outcome.cells[0]
    assert (cell.ended, cell.printed, cell.printed_bytes) == (Status.DONE, "é" * 50, 20_001)


def test_a_flood_is_counted_and_not_kept(run: Run, call: Ask) -> None:
    """20 MB of printed text, in a cell and in a call, affect nothing else."""
    flood = "def flood():\n    for _ in range(20):\n        print('x' * (2**20 - 1))\nflood()"
    outcome = run(flood, requests=(call("flood"), READ_X))
    assert outcome.cells[0].printed_bytes == outcome.answers[0].printed_bytes == 20 * 2**20
    assert outcome.answers[0].printed == "x" * GENEROUS.printed
    assert outcome.answers[1].ended is Status.DONE


def test_each_request_has_its_memory_limit(run: Run, call: Ask) -> None:
    """A request with another memory limit runs in a child with that limit."""
    cell = "import numpy as np\ndef f(n): return float(np.ones(n)[-1])"
    size = 30 * 2**20
    small, large = (replace(GENEROUS, memory=m * 2**20) for m in (128, 1024))
    requests = tuple(call("f", size, question=str(i), limits=limits) for i, limits in enumerate((large, small, large)))
    assert [answer.ended for answer in run(cell, requests=requests).answers] == [
        Status.DONE,
        Status.MEMORY_LIMIT,
        Status.DONE,
    ]


def test_a_cell_that_runs_out_of_memory_keeps_its_definitions(run: Run, call: Ask) -> None:
    """A failed allocation keeps the cell's functions; a cell that holds all memory loses them."""
    failing = "def f(): return 1\nx = bytearray(2**40)"
    outcome = run(failing, requests=(call("f"),))
    assert (outcome.cells[0].ended, value(outcome.answers[0])) == (Status.MEMORY_LIMIT, 1)
    hoarding = "import numpy as np\ndef f(): return 1\nkept = []\nwhile True:\n    kept.append(np.empty(10**6))"
    outcome = run(hoarding, "x = 1", requests=(call("f"), READ_X))
    assert outcome.cells[0].ended is Status.MEMORY_LIMIT
    assert outcome.answers[0].results[0].raised
    assert value(outcome.answers[1]) == 1


def test_memory_exhausted_in_small_pieces(run: Run, call: Ask) -> None:
    """Memory used up to the last byte, in small pieces, is a hit of the memory limit and not a death."""
    body = "kept = [bytearray(2**24) for _ in range(6)]\n    rest = []\n    while True:\n        rest = [rest]"
    limits = Limits(cpu=60.0, wall=200.0, memory=160 * 2**20)
    outcome = run(f"def f():\n    {body}", requests=(call("f", limits=limits),), total_cpu=200.0)
    assert outcome.answers[0].ended is Status.MEMORY_LIMIT


def test_the_submissions_cpu_time(run: Run, call: Ask) -> None:
    """Many questions that hang end with the submission's budget, which the last ones name; finished ones stand."""
    cell = "def hang():\n    while True: pass\ndef right(): return 1"
    hang = replace(GENEROUS, cpu=0.4)
    requests = (call("right"), *(call("hang", question=str(i), limits=hang) for i in range(8)))
    outcome = run(cell, requests=requests, total_cpu=1.0)
    assert value(outcome.answers[0]) == 1
    hits = [answer.limit for answer in outcome.answers[1:]]
    assert all(answer.ended is Status.TIME_LIMIT for answer in outcome.answers[1:])
    assert hits[0]
    assert hits[-1]
    assert (hits[0].name, hits[0].allowed) == ("cpu", 0.4)
    assert (hits[-1].name, hits[-1].allowed) == ("total_cpu", 1.0)
    assert {(hit.name, hit.allowed) for hit in hits if hit} == {("cpu", 0.4), ("total_cpu", 1.0)}


def test_the_submissions_wall_time(run: Run, call: Ask) -> None:
    """The same holds for code that sleeps."""
    cell = "import time\ndef hang(): time.sleep(10**6)"
    hang = replace(GENEROUS, wall=1.0)
    requests = tuple(call("hang", question=str(i), limits=hang) for i in range(5))
    outcome = run(cell, requests=requests, total_wall=2.5)
    hits = [answer.limit for answer in outcome.answers]
    assert all(answer.ended is Status.TIME_LIMIT for answer in outcome.answers)
    assert hits[-1]
    assert (hits[-1].name, hits[-1].allowed) == ("total_wall", 2.5)
    assert {(hit.name, hit.allowed) for hit in hits if hit} <= {("wall", 1.0), ("total_wall", 2.5)}


SLEEPING = {
    "at once": "time.sleep(10**6)",
    "again and again": "while True: time.sleep(0.001)",
    "for a thread's end": "import threading; threading.Event().wait(10**6)",
    "for a coroutine": "import asyncio; asyncio.run(asyncio.sleep(10**6))",
    "and computing a little": "while True: time.sleep(0.02); sum(range(10_000))",
}


@pytest.mark.parametrize("body", SLEEPING.values(), ids=SLEEPING.keys())
def test_code_that_sleeps_is_stopped_soon(run: Run, call: Ask, body: str) -> None:
    """Whatever it waits for, it has used up its limit of sleep long before that of elapsed time."""
    limits = replace(GENEROUS, sleep=0.3)
    requests = (call("doze", question="a", limits=limits), call("right", 1, question="b"))
    outcome = run(RIGHT, f"import time\ndef doze():\n    {body}\n", requests=requests)
    dozed, right = outcome.answers
    assert value(right) == 2
    assert dozed.ended is Status.TIME_LIMIT
    assert dozed.limit
    assert (dozed.limit.name, dozed.limit.allowed) == ("sleep", 0.3)
    assert outcome.slept >= 0.3


def test_code_that_computes_never_sleeps(run: Run, call: Ask) -> None:
    """However busy the machine is, no second of computing counts as sleep."""
    body = "end = time.process_time() + 0.6\n    while time.process_time() < end: pass\n    return 1"
    request = call("work", limits=replace(GENEROUS, sleep=0.2))
    outcome = run(f"import time\ndef work():\n    {body}\n", requests=(request,))
    assert value(outcome.answers[0]) == 1


def test_the_submissions_sleep(run: Run, call: Ask) -> None:
    """Several sleeps count together, too."""
    cell = "import time\ndef hang(): time.sleep(10**6)"
    hang = replace(GENEROUS, sleep=0.4)
    requests = tuple(call("hang", question=str(i), limits=hang) for i in range(5))
    outcome = run(cell, requests=requests, total_sleep=1.0)
    assert all(answer.ended is Status.TIME_LIMIT for answer in outcome.answers)
    last = outcome.answers[-1].limit
    assert last
    assert (last.name, last.allowed) == ("total_sleep", 1.0)


def test_a_cell_that_runs_again_does_not_sleep_again(run: Run, call: Ask) -> None:
    """After a crash the cells run again; what the first run has slept is not slept twice."""
    cell = "import time\nbefore = time.monotonic()\ntime.sleep(0.5)\nslept = time.monotonic() - before\n"
    broken = "import os\ndef leave(): os._exit(0)\n"
    requests = (call("leave", question="a"), Request("b", "check", (Read("slept"),)))
    outcome = run(cell, broken, requests=requests)
    assert outcome.answers[0].ended is Status.DIED
    slept = value(outcome.answers[1])
    assert isinstance(slept, float)
    assert slept < 0.4


@pytest.mark.parametrize("argument", ["-1", "'long'"])
def test_a_repeated_sleep_refuses_what_is_no_duration(run: Run, call: Ask, argument: str) -> None:
    """`time.sleep` raises for a negative number or a text also in a cell that runs again."""
    cell = f"import time\ntry:\n    time.sleep({argument})\nexcept Exception as e:\n    kind = type(e).__name__\n"
    requests = (call("leave", question="a"), Request("b", "check", (Read("kind"),)))
    outcome = run(cell, "import os\ndef leave(): os._exit(0)\n", requests=requests)
    assert value(outcome.answers[1]) == ("ValueError" if argument == "-1" else "TypeError")


def test_time_in_small_pieces_counts_too(run: Run) -> None:
    """Requests that are each short end with the budget while their child still runs."""
    cell = "import time\ndef work():\n    end = time.process_time() + 0.1\n    while time.process_time() < end: pass"
    requests = tuple(Request(str(i), "check", (Call("work", ()),), limits=GENEROUS) for i in range(40))
    outcome = run(cell, requests=requests, total_cpu=1.0)
    ended = [answer.ended for answer in outcome.answers]
    assert ended[0] is Status.DONE
    assert ended[-1] is Status.TIME_LIMIT
    assert ended.count(Status.DONE) < 15
    hit = outcome.answers[-1].limit
    assert hit
    assert hit.name == "total_cpu"


SENTENCES = [
    (LimitHit("cpu", 2, 2.01, "s"), "Stopped after 2.01 s of processor time; the limit is 2 s."),
    (
        LimitHit("total_wall", 60, 61, "s"),
        "Stopped after 61 s of elapsed time for the whole submission; the limit is 60 s.",
    ),
    (LimitHit("memory", 2**29, None, "bytes"), "Stopped: the limit of 512 MB of memory was exceeded."),
    (LimitHit("memory", 2**29, 2**33, "bytes"), "Stopped after 8 GB of memory; the limit is 512 MB."),
    (LimitHit("output", 2**20, 2**23, "bytes"), "Stopped after 8 MB of returned data; the limit is 1 MB."),
]


@pytest.mark.parametrize(("hit", "sentence"), SENTENCES)
def test_a_sentence_names_limit_and_use(hit: LimitHit, sentence: str) -> None:
    """The sentence names the limit, the allowed amount, and the use if it is known."""
    assert limit_sentence(hit) == sentence


def test_the_use_is_reported(run: Run, call: Ask) -> None:
    """The size of an allocation or answer that is too large is reported."""
    cell = "import numpy as np\ndef hoard(): return np.ones(10**10)\ndef large(): return np.zeros(2**21)"
    memory, output = (answer.limit for answer in run(cell, requests=(call("hoard"), call("large"))).answers)
    assert memory == LimitHit("memory", GENEROUS.memory, 8 * 10**10, "bytes")
    assert output
    assert output.used == pytest.approx(2**24, rel=0.01)


def test_a_result_just_below_a_limit_arrives(run: Run, call: Ask) -> None:
    """A result just below the limit arrives whole."""
    cell = "import numpy as np\ndef f(n): return np.arange(n)"
    answer = run(cell, requests=(call("f", 10**6),)).answers[0]
    assert np.array_equal(value(answer), np.arange(10**6))
