"""Calls that the grader answers while a request runs: one at a time, for the arguments that belong to them.

Covers `sandbox/inside/answered_calls.py` and `core/compare/known_calls.py`.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from grader.core.compare.known_calls import find_known_call
from grader.core.wire.encode import encode
from grader.core.wire.job import Answer, Call, Job, KnownCall, Limits, Request, Status
from grader.core.wire.submission import Cell
from grader.core.wire.values import InvalidValueError, Value
from grader.sandbox.call_answers import CallAnswers
from grader.sandbox.inside.protocol import MAX_CALL_QUERIES
from grader.sandbox.job_messages import encode_request
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox

GENEROUS = Limits(cpu=10.0, wall=60.0)
X = np.array([1.0, 2.0])
KNOWN = (
    KnownCall("square", (X,), X**2),
    KnownCall("square", (X + 1,), (X + 1) ** 2),
    KnownCall("cube", (X,), X**3),
)
WRONG = "import numpy as np\ndef square(x): return 0 * x\ndef cube(x): return 0 * x\n"

Ask = Callable[..., Answer]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """The strongest sandbox of this machine."""
    with Sandbox() as running:
        yield running


def ask_in(sandbox: Sandbox, source: str, known: tuple[KnownCall, ...] = KNOWN, limits: Limits = GENEROUS) -> Answer:
    """Return the answer of `f(X)`, defined behind wrong functions, with these known calls."""
    request = Request("q", "check", (Call("f", (X,), known_calls=known),), limits=limits)
    job = Job((Cell(WRONG + source, label="cell 1"),), (request,), total_cpu=100, total_wall=300, total_sleep=100)
    (answer,) = sandbox.run(job).answers
    return answer


@pytest.fixture
def ask(sandbox: Sandbox) -> Ask:
    """Return the answer of `f(X)` in the sandbox."""
    return lambda source, *args: ask_in(sandbox, source, *args)


def value(answer: Answer) -> Value:
    """Return the only value of an answer."""
    return answer.results[0].value


def test_a_known_call_is_answered(ask: Ask) -> None:
    """A function gets the right results of the functions that it calls, also of one that is missing."""
    answer = ask("def f(x): return square(x) + square(x + 1) + cube(x)")
    assert np.array_equal(value(answer), X**2 + (X + 1) ** 2 + X**3)
    assert answer.answered_calls == ("square", "cube")
    answer = ask("del cube\ndef f(x): return cube(x)")
    assert np.array_equal(value(answer), X**3)


def test_arguments_by_name(ask: Ask) -> None:
    """Arguments may be given by name, in the student's own spelling; their order is that of the function."""
    known = (KnownCall("divide", (X, 4.0), X / 4),)
    source = "def divide(a, b): return 0\ndef f(x): return divide(b=4.0, a=x)"
    assert np.array_equal(value(ask(source, known)), X / 4)


def test_names_that_are_asked_for(ask: Ask) -> None:
    """A missing function, or one with other parameters, is answered by the names that are asked for, with defaults."""
    known = (KnownCall("divide", (X,), X / 4, ("a", "b"), (4.0,)),)
    for own in ("", "def divide(a): return 0\n", "def divide(b, a): return 0\n", "divide = None\n"):
        for arguments in ("b=4.0, a=x", "x, b=4.0", "a=x", "x, 4.0"):
            assert np.array_equal(value(ask(f"{own}def f(x): return divide({arguments})", known)), X / 4)
    for arguments in ("x, c=4.0", "b=4.0", "x, a=x", "x, 4.0, 1.0", "x, b=5.0"):
        assert ask(f"def f(x): return divide({arguments})", known).answered_calls == ()


def test_rounding_is_allowed(ask: Ask) -> None:
    """Arguments may differ by rounding errors, and not by more."""
    assert np.array_equal(value(ask("def f(x): return square(x * (1 + 1e-9))")), X**2)
    answer = ask("def f(x): return square(x * (1 + 1e-4))")
    assert np.array_equal(value(answer), 0 * X)
    assert answer.answered_calls == ()


def test_the_nearest_call_is_found() -> None:
    """Of several calls within the tolerance, an equal one is found."""
    calls = [KnownCall("f", (X * (1 + 1e-8 * i),), i) for i in range(5)]
    for i in range(5):
        found = find_known_call(calls, "f", (X * (1 + 1e-8 * i),))
        assert found is not None
        assert found.result == i
    assert find_known_call(calls, "g", (X,)) is None
    assert find_known_call(calls, "f", (X, X)) is None


def test_the_first_unknown_call_ends_it(ask: Ask) -> None:
    """After a call that isn't known nothing is answered, so that nobody finds the right arguments by trying."""
    source = "def f(x):\n    first = square(x + 5)\n    return first, square(x)"
    first, second = value(ask(source))
    assert not first.any()
    assert not second.any()


def test_it_ends_for_the_whole_request(sandbox: Sandbox) -> None:
    """After a call that isn't known, the later calls of the same check aren't answered either; those of others are."""
    source = WRONG + "def f(x): return square(x)"
    unknown, known = Call("f", (X + 9,), known_calls=KNOWN), Call("f", (X,), known_calls=KNOWN)
    requests = (Request("q", "one", (known, unknown, known)), Request("q", "two", (known,)))
    one, two = sandbox.run(Job((Cell(source, label="cell 1"),), requests)).answers
    assert [result.value.any() for result in one.results] == [True, False, False]
    assert np.array_equal(value(two), X**2)


def test_other_names_are_not_reached(ask: Ask) -> None:
    """A function bound under another name, or as a default, is the student's own; nothing is asked."""
    for source in ("s = square\ndef f(x): return s(x)", "def f(x, s=square): return s(x)"):
        answer = ask(source)
        assert not value(answer).any()
        assert answer.answered_calls == ()


def test_results_are_copies(ask: Ask) -> None:
    """A result that the code changes in place is right again in the next call."""
    source = "def f(x):\n    a = square(x)\n    a *= 0\n    return square(x)"
    assert np.array_equal(value(ask(source)), X**2)


def test_queries_are_limited(ask: Ask) -> None:
    """Code that calls a function very often goes on with its own after twice as many calls as there are."""
    source = "def f(x): return [float(square(x).sum()) for _ in range(10_000)]"
    answered = value(ask(source))
    assert answered == [5.0] * (2 * len(KNOWN)) + [0.0] * (10_000 - 2 * len(KNOWN))


def test_own_recursion(ask: Ask) -> None:
    """A student's own function that calls itself runs as before."""
    source = "def square(x): return x if x.max() > 900 else square(x + 1)\ndef f(x): return square(x + 0.5)"
    assert value(ask(source)).max() > 900


def test_threads() -> None:
    """Where there is no sandbox, threads may call at the same time; each gets its result."""
    source = (
        "from threading import Thread\ndef f(x):\n    found = []\n"
        "    threads = [Thread(target=lambda: found.append(square(x))) for _ in range(4)]\n"
        "    [t.start() for t in threads]\n    [t.join() for t in threads]\n    return found"
    )
    with Sandbox(Level.NONE, min_level=Level.NONE) as one:
        found = value(ask_in(one, source))
    assert len(found) == 4
    assert all(np.array_equal(result, X**2) for result in found)


def test_a_stand_in_of_an_earlier_request(sandbox: Sandbox) -> None:
    """A stand-in of an earlier request asks nothing in a later one."""
    source = WRONG + "kept = []\ndef f(x):\n    kept.append(square)\n    return kept[0](x)"
    first = Request("q", "one", (Call("f", (X,), known_calls=KNOWN),))
    later = Request("q", "two", (Call("f", (X,)),))
    again = Request("q", "three", (Call("f", (X,), known_calls=KNOWN[2:]),))
    answers = sandbox.run(Job((Cell(source, label="cell 1"),), (first, later, again))).answers
    assert [value(answer).any() for answer in answers] == [True, False, False]


def test_the_table_stays_outside() -> None:
    """A request's message has the functions' names, and neither arguments nor results of known calls."""
    marked = KnownCall("square", (np.array([0.123456789]),), np.array([0.987654321]))
    message = encode_request(0, Request("q", "check", (Call("f", (X,), known_calls=(marked,)),)))
    assert b"square" in message
    assert all(number.tobytes() not in message for number in (*marked.args, marked.result))


def test_queries_that_no_honest_child_sends() -> None:
    """A query without known calls, one of many, or one that isn't a call, ends the child."""
    request = Request("q", "check", (Call("f", (X,), known_calls=KNOWN),))
    good = encode(("square", (X,)), 10**6)
    with pytest.raises(InvalidValueError):
        CallAnswers(replace(request, actions=(Call("f", (X,)),))).answer(good)
    flooded = CallAnswers(request)
    for _ in range(MAX_CALL_QUERIES):
        flooded.answer(good)
    with pytest.raises(InvalidValueError):
        flooded.answer(good)
    for bad in (b"", b"nonsense", encode(("square", [X]), 10**6), encode("square", 10**6), bytes(2**21)):
        with pytest.raises(InvalidValueError):
            CallAnswers(request).answer(bad)


@pytest.mark.parametrize("level", [Level.FULL, Level.NONE])
def test_every_level_answers(level: Level) -> None:
    """Calls are answered at each level of the sandbox, and other requests of the job run as usual."""
    source = WRONG + "def f(x): return square(x)"
    requests = (
        Request("q", "one", (Call("f", (X,)),)),
        Request("q", "two", (Call("f", (X,), known_calls=KNOWN),)),
        Request("q", "three", (Call("cube", (X,)),), hidden=True),
    )
    with Sandbox(level, min_level=Level.NONE) as one:
        answers = one.run(Job((Cell(source, label="cell 1"),), requests)).answers
    assert [value(answer).any() for answer in answers] == [False, True, False]


def test_time_between_queries_counts(ask: Ask) -> None:
    """Queries gain a request no time: its limit holds for all of it together."""
    source = (
        "import time\ndef f(x):\n    for _ in range(6):\n        end = time.process_time() + 0.2\n"
        "        while time.process_time() < end: pass\n        square(x)\n    return square(x)"
    )
    answer = ask(source, KNOWN, replace(GENEROUS, cpu=0.5))
    assert (answer.ended, answer.limit and answer.limit.name) == (Status.TIME_LIMIT, "cpu")
