"""Runs attacks against one sandbox, and checks after each that nothing but the attacker has changed.

As a program it prints a report as JSON: `python -m tests.attacks.battery [LEVEL [PREFIX...]]`.
"""

import json
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Self

import numpy as np

from grader.core.wire.encode import encode
from grader.core.wire.job import Answer, Call, Job, JobResult, Limits, Request
from grader.core.wire.steps import Step, Steps
from grader.core.wire.submission import Cell
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox
from tests.attacks.case import Case, cases
from tests.attacks.ground import Ground, ground

MEMORY = 96 * 2**20
_PATIENCE = 10.0  # seconds until a killed process must be gone
_HONEST = """
import random, os, sys, builtins, decimal, gc, warnings
import numpy as np

def honest(x):
    return np.cumsum(x) * 2 + 1

def world():
    numbers = [random.random(), float(np.random.normal()), float(np.random.default_rng().normal()), 1 + 1, np.pi]
    left = [hasattr(m, "left_behind") for m in (builtins, sys, np)] + ["LEFT_BEHIND" in os.environ]
    settings = [sys.getrecursionlimit(), gc.isenabled(), decimal.getcontext().prec, np.geterr(), repr(np.ones(3) / 7)]
    data = [np.loadtxt("data/numbers.csv").tolist(), sorted(os.listdir("data")), os.getcwd(), os.path.exists("left")]
    sets = [list({"a", "b", "c", "d"}), sys.gettrace() is None, sys.getprofile() is None]
    return [numbers, left, settings, sets, data]
"""
_NO_ATTACK = Case("none", "", "def attack(facts): return []", {})
_GENEROUS = Limits(cpu=30, wall=120, memory=MEMORY, output=2**17, printed=1000)


class Battery:
    """A sandbox under attack. `run` returns the problems after an attack: none, if it was contained."""

    def __init__(self, level: Level, ground: Ground) -> None:
        self._ground = ground
        self._sandbox = Sandbox(level)
        self._bystander = _make_bystander(ground)
        self._sandbox.run(self._bystander)
        self._well = _essence(self._sandbox.run(self._bystander))
        self._honest = _values(self._sandbox.run(self._job(_NO_ATTACK)).answers)
        self._snapshot = ground.snapshot()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sandbox.close()

    @property
    def level(self) -> Level:
        """The level that is in force."""
        return self._sandbox.level

    def run(self, case: Case) -> list[str]:
        """Run one attack, and return its problems."""
        outcome = self._sandbox.run(self._job(case))
        problems = case.problems(outcome.cells[1], outcome.answers[1])
        if case.fields.get("honest") != "lost" and _values(outcome.answers) != self._honest:
            problems.append(f"the notebook's other questions: {outcome.answers}")
        if _essence(self._sandbox.run(self._bystander)) != self._well:
            problems.append("the next submission's outcome is another")
        return problems + self._traces()

    def _traces(self) -> list[str]:
        deadline = time.monotonic() + _PATIENCE
        while True:
            before, now = self._snapshot, self._ground.snapshot()
            traces = [f"{what}: {before[what]} -> {now[what]}" for what in before if now[what] != before[what]]
            if not traces:
                return []
            if time.monotonic() > deadline or now["heard"]:
                self._snapshot = now
                return traces
            time.sleep(0.02)

    def _job(self, case: Case) -> Job:
        zygote = self._sandbox._get_launcher(plots=False).pid  # type: ignore[attr-defined]  # an attacker may know it
        facts = self._ground.facts(zygote, MEMORY)
        limits = replace(_GENEROUS, cpu=case.seconds("cpu", 30), wall=case.seconds("wall", 120))
        call = Call("honest", (np.arange(5.0),))
        attack = Call("Attack", (_STEPS, facts)) if "class Attack" in case.source else Call("attack", (facts,))
        return Job(
            cells=(
                Cell(_HONEST, label="cell 1"),
                Cell(case.source, label="cell 2"),
                *(Cell(source, "module", path) for path, source in case.files),
            ),
            requests=(
                Request("honest before", "check", (call,), limits=_GENEROUS),
                Request("attack", "check", (attack,), limits=limits),
                Request("honest after", "check", (call,), limits=_GENEROUS),
                Request("hidden", "check", (Call("honest", (self._ground.hidden,)),), limits=_GENEROUS, hidden=True),
            ),
            cell_limits=replace(_GENEROUS, cpu=case.seconds("cell_cpu", 30)),
            total_cpu=200,
            total_wall=500,
            data_files=self._ground.data_files,
        )


def _make_bystander(ground: Ground) -> Job:
    """Return the next submission in the batch."""
    requests = tuple(Request(name, "check", (Call(name, args),), limits=_GENEROUS) for name, args in _CALLS.items())
    cells = (Cell(_HONEST, label="cell 1"),)
    return Job(cells=cells, requests=requests, cell_limits=_GENEROUS, data_files=ground.data_files)


_STEPS = Steps(
    ("Attack",),
    (
        Step("call", 0, None, (("argument", 1),)),
        Step("set", 1, "weight", (("argument", 1),)),
        Step("get", 1, "weight"),
        Step("get", 1, "size"),
        Step("get", 1, "run"),
        Step("call", 5, None, (("argument", 1),)),
    ),
    ("dict", (("weight", ("slot", 3)), ("size", ("slot", 4)), ("run", ("slot", 6)))),
)
"""An attack that is a class: it is constructed, an attribute is set and read, a property read, a method called."""

_CALLS = {"honest": (np.arange(7.0),), "world": ()}


def _values(answers: Sequence[Answer]) -> bytes:
    """Return the answers to the questions that are not the attack."""
    return encode([[r.value for r in answer.results] for answer in (answers[0], *answers[2:])], 2**20)


def _essence(outcome: JobResult) -> bytes:
    """Return a result without times and peak memory."""
    answers = [(str(a.ended), a.printed, a.warnings, [r.value for r in a.results]) for a in outcome.answers]
    raised = [[r.raised for r in a.results] for a in outcome.answers]
    return encode([outcome.level, repr(outcome.cells), repr(raised), answers], 2**20)


def run_all(level: Level, only: Iterable[str] = ("",)) -> dict[str, object]:
    """Run all attacks at one level; return the level, their number, and those that were not contained."""
    chosen = [case for case in cases() if case.name.startswith(tuple(only)) and case.applies()]
    with ground() as field, Battery(level, field) as battery:
        failed = {case.name: problems for case in chosen if (problems := battery.run(case))}
        return {"level": str(battery.level), "count": len(chosen), "failed": failed}


def main() -> None:
    """Run the attacks, and print the report."""
    level, *only = sys.argv[1:] or ["full"]
    print(json.dumps(run_all(Level(level), only or [""])))


if __name__ == "__main__":
    main()
