"""The cost of the records of a large class: `python tests/benchmarks/records.py [URL]`. Prints seconds; is not a test.

10,000 students, 5 exercises, 3 attempts each, every one graded by 8 checks, some marked; then the scores of all by
rules with deadlines, penalties and extensions, in one query.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from grader.core.results.grading import CheckResult, Grading, QuestionResult
from grader.core.results.policy import Policy
from grader.core.results.verdict import Verdict
from grader.store import NewMark, NewSubmission, Store

T = TypeVar("T")
STUDENTS, EXERCISES, ATTEMPTS = 10_000, [f"exercise{i}" for i in range(5)], 3
QUESTIONS, CHECKS = 4, 2
DUE = datetime(2031, 5, 20, 21, 59, tzinfo=UTC)
NOTEBOOK = b"".join(b"def f%d(x): return np.exp(x - x.max()) / %d\n" % (i, i * i) for i in range(100))
"""About 5 kB, as the bytes of a small notebook's own lines."""


def hand_ins(exercise: str, attempt: int) -> Iterator[NewSubmission]:
    """Yield one attempt of everybody; each has other bytes, submitted some hours before or after the deadline."""
    for i in range(STUDENTS):
        data = b"# %d %d\n" % (i, attempt) + NOTEBOOK
        yield NewSubmission(
            f"student{i:05}", exercise, data, "a.ipynb", DUE + timedelta(hours=i % 96 - 48, minutes=attempt)
        )


def grading(exercise: str, seed: int) -> Grading:
    """Return a grading in which some checks passed."""
    questions = []
    for q in range(QUESTIONS):
        verdicts = [Verdict.PASSED if (seed >> (q * CHECKS + c)) & 1 else Verdict.WRONG_ANSWER for c in range(CHECKS)]
        checks = (CheckResult(f"c{c}", v, float(v is Verdict.PASSED), 1.0, bool(c)) for c, v in enumerate(verdicts))
        questions.append(QuestionResult(f"q{q}", "code", tuple(checks)))
    return Grading(exercise, "v1", "0.1.0", "s1", "full", tuple(questions))


def timed(what: str, action: Callable[[], T]) -> T:
    """Run an action, and print how long it took."""
    start = time.perf_counter()
    result = action()
    print(f"{what:<58} {time.perf_counter() - start:8.2f} s", flush=True)
    return result


def main(url: str) -> None:
    """Fill a new database and query it."""
    with Store.open(url) as store:
        ids: list[int] = []
        for exercise in EXERCISES:
            for attempt in range(ATTEMPTS):
                what = f"record {STUDENTS} submissions of {exercise}, attempt {attempt + 1}"
                recorded = timed(what, partial(store.record_many, hand_ins(exercise, attempt)))
                page = [(r.id, grading(exercise, r.id)) for r in recorded]
                timed("  append their gradings", partial(store.append_many, page))
                ids += [id for id, _ in page]
        timed(
            "set 5,000 marks",
            partial(store.marks.set_marks, (NewMark(id, "q0", 1.0) for id in ids[:: len(ids) // 5000])),
        )
        for i in range(0, STUDENTS, 100):
            store.people.extend(f"student{i:05}", EXERCISES[0], DUE + timedelta(days=2))
        best = Policy(DUE, timedelta(minutes=15), 0.1, 2, "best")
        last = Policy(DUE, timedelta(minutes=15), 0.1, None, "last")
        for name, policy in (("best of two attempts", best), ("last attempt", last)):
            rules = dict.fromkeys(EXERCISES, policy)
            scores = timed(f"scores of all, {name}", partial(store.scores, rules))
            assert len(scores) == STUDENTS * len(EXERCISES)
        timed("scores of one student", partial(store.scores, dict.fromkeys(EXERCISES, best), "student04711"))
        info = store.read_info()
        each = info.size / info.submissions
        print(f"{info.submissions} submissions in {info.size / 1e6:.0f} MB: {each:.0f} bytes each, all told")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1])
    else:
        with tempfile.TemporaryDirectory() as folder:
            main(f"sqlite:///{Path(folder) / 'grader.db'}")
