"""A class that hands in at once, against a real portal on loopback: nothing lost, and how long everything takes.

    python tests/benchmarks/portal.py [--students 200] [--seconds 10] [--db URL] [--course DIR] [--json]

First single files on an idle portal; then everybody hands in as a browser does and watches, while others read pages;
then one student's nine files among ten students' single ones; then as many watch who all wait. Sessions are begun
without passwords: argon2 is made to take long, and people don't sign in within the same second.
"""

import argparse
import asyncio
import json
import os
import random
import re
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
from itsdangerous import URLSafeTimedSerializer

from grader.core.questions.exercise import Exercise
from grader.course.loader import bundled_course_folder, load_course
from grader.course.templates import render_template_notebook
from grader.store import Store

KEY = secrets.token_urlsafe(32)
TICKS = os.sysconf("SC_CLK_TCK")
GREEDY, OTHERS, WATCHED = 9, 10, 8.0
IN_A_FORM = re.compile(r'name="csrf" value="(\w+)"')


@dataclass
class Bench:
    """A running portal, a client, and all that was measured, in seconds."""

    http: httpx.AsyncClient
    store: Store
    exercise: Exercise
    pids: dict[str, int]
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    made: int = 0

    def enter(self, name: str, role: str = "student") -> None:
        """Gives somebody an account and a session."""
        self.store.accounts.add(name, role, timedelta(days=1))
        account = self.store.accounts.find_by_name(name)
        assert account
        cookie = URLSafeTimedSerializer(KEY, salt="grader session").dumps(["x" * 24, account.id, account.generation])
        self.cookies[name] = {"Cookie": f"grader={cookie}"}

    async def ask(self, what: str, name: str, path: str) -> httpx.Response:
        """Reads a page, and notes how long it took, under the name of its kind."""
        began = time.monotonic()
        answer = await self.http.get(path, headers=self.cookies[name])
        self.times[what].append(time.monotonic() - began)
        if answer.status_code >= 400:
            self.errors.append(f"{path}: {answer.status_code}")
        return answer

    async def hand_in(self, name: str) -> str:
        """Hands in a file that nobody else has, through the form; gives the address of the attempt."""
        here = f"/exercises/{self.exercise.name}"
        token = IN_A_FORM.search((await self.ask("page: an exercise", name, here)).text)
        assert token
        self.made += 1
        content = json.loads(render_template_notebook(self.exercise)) | {"metadata": {"n": f"{name} {self.made}"}}
        file = {"file": (f"{self.exercise.name}.ipynb", json.dumps(content).encode())}
        began = time.monotonic()
        answer = await self.http.post(
            f"{here}/attempts", data={"csrf": token[1]}, files=file, headers=self.cookies[name]
        )
        self.times["upload"].append(time.monotonic() - began)
        if answer.status_code != 303:
            raise RuntimeError(f"handing in: {answer.status_code}")
        return answer.headers["location"].partition("?")[0]

    async def watch(self, name: str, attempt: str) -> None:
        """Waits for the result, as the page of the attempt does: asks every other second, one request at a time."""
        while True:
            began = time.monotonic()
            if (await self.http.get(f"{attempt}/state", headers=self.cookies[name])).status_code != 204:
                return
            await asyncio.sleep(max(0.0, began + 2 - time.monotonic()))

    async def see_through(self, name: str, what: str, after: float = 0.0) -> None:
        """Hands in and waits for the result."""
        await asyncio.sleep(after)
        began = time.monotonic()
        try:
            attempt = await self.hand_in(name)
            await self.ask("page: an attempt", name, attempt)
            await self.watch(name, attempt)
        except (httpx.HTTPError, RuntimeError) as error:
            self.errors.append(f"{type(error).__name__}: {error}")
        self.times[what].append(time.monotonic() - began)

    async def read(self, name: str, pages: dict[str, str]) -> None:
        """Reads pages, one after the other, until it is cancelled."""
        while True:
            for what, path in pages.items():
                await self.ask(f"page: {what}", name, path)
                await asyncio.sleep(0.2)

    def spent(self) -> dict[str, float]:
        """Seconds of processor time so far, by process; the dispatcher's with its workers'."""
        return {name: sum(map(_processor, _tree(pid))) for name, pid in self.pids.items()}


def main() -> int:
    """Starts a portal, goes through everything, and prints a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=10.0, help="within which all hand in")
    parser.add_argument("--db", help="an empty database; default: SQLite in a folder of its own")
    parser.add_argument("--course", type=Path, default=bundled_course_folder())
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        db = asked.db or f"sqlite:///{folder}/grader.db"
        with _portal(asked.course, db, Path(folder)) as (url, pids), Store.open(db) as store:
            exercise = load_course(asked.course).exercises[0]
            found = asyncio.run(_measured(url, store, exercise, pids, asked.students, asked.seconds))
    found = {"database": db.partition(":")[0], "cores": os.cpu_count(), **found}
    print(json.dumps(found, indent=1) if asked.json else _table(found))
    return 0


async def _measured(
    url: str, store: Store, exercise: Exercise, pids: dict[str, int], students: int, seconds: float
) -> dict[str, object]:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=1000)
    async with httpx.AsyncClient(base_url=url, timeout=600, limits=limits, verify=False) as http:
        bench = Bench(http, store, exercise, pids)
        names = [f"student-{i}" for i in range(students)]
        for name in (*names, "single", "greedy", *(f"other-{i}" for i in range(OTHERS))):
            bench.enter(name)
        bench.enter("teacher", "instructor")
        for _ in range(5):
            await bench.see_through("single", "idle: upload to result")
        bench.times = defaultdict(list, {"idle: upload to result": bench.times["idle: upload to result"]})
        burst = await _burst(bench, names, seconds)
        await _unfair(bench)
        watched = await _watched(bench, names)
    handed = {one.submission.student for one in store.iterate_graded(exercise=exercise.name)}
    return {
        "students": students,
        "exercise": exercise.name,
        "missing": len(set(names) - handed),
        "errors": len(bench.errors),
        "first_errors": bench.errors[:5],
        **burst,
        **watched,
        "seconds": {what: _quantiles(times) for what, times in sorted(bench.times.items())},
    }


async def _burst(bench: Bench, names: list[str], seconds: float) -> dict[str, object]:
    here = f"/exercises/{bench.exercise.name}"
    mine = {"exercises": "/exercises", "an exercise": here, "feedback": f"{here}/attempts/1/feedback"}
    ours = {"class": "/class", "class, live": "/class/numbers", "submissions": "/submissions"}
    readers = [bench.read("single", mine), bench.read("teacher", ours | {"class, whole": "/class/report"})]
    reading = [asyncio.create_task(one) for one in readers]
    before, began = bench.spent(), time.monotonic()
    async with asyncio.TaskGroup() as tasks:
        for name in names:
            tasks.create_task(bench.see_through(name, "upload to result", random.uniform(0, seconds)))
    took, after = time.monotonic() - began, bench.spent()
    for one in reading:
        one.cancel()
    await asyncio.gather(*reading, return_exceptions=True)
    judged = [one.result for one in bench.store.iterate_graded(exercise=bench.exercise.name)]
    return {
        "all_done_after": round(took, 1),
        "graded_per_second": round(len(names) / took, 1),
        "judging_ms": round(statistics.median(getattr(one, "elapsed_ms", 0.0) for one in judged), 1),
        "processor_ms_a_file": {name: round((after[name] - before[name]) * 1000 / len(names), 1) for name in after},
    }


async def _unfair(bench: Bench) -> None:
    """One student's many files, and others' single ones behind them."""
    began = time.monotonic()

    async def all_of_them() -> None:
        attempts = await asyncio.gather(*(bench.hand_in("greedy") for _ in range(GREEDY)))
        await asyncio.gather(*(bench.watch("greedy", one) for one in attempts))
        bench.times["fairness: the last of nine"].append(time.monotonic() - began)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(all_of_them())
        for i in range(OTHERS):
            tasks.create_task(bench.see_through(f"other-{i}", "fairness: another's one"))


async def _watched(bench: Bench, names: list[str]) -> dict[str, object]:
    """Everybody waits and watches while nobody grades: what that costs."""
    os.kill(bench.pids["dispatcher"], signal.SIGSTOP)
    try:
        for name in names:
            bench.store.record(name, bench.exercise.name, f"# {name}".encode(), "a.py")
        there = f"/exercises/{bench.exercise.name}/attempts/2"
        watching = [asyncio.create_task(bench.watch(name, there)) for name in names]
        await asyncio.sleep(2)
        before = bench.spent()
        for _ in range(20):
            await bench.ask("while all watch: exercises", "single", "/exercises")
            await asyncio.sleep(WATCHED / 20)
        after = bench.spent()
    finally:
        os.kill(bench.pids["dispatcher"], signal.SIGCONT)
    await asyncio.gather(*watching)
    return {"watchers": len(names), "watching_share_of_a_core": round((after["web"] - before["web"]) / WATCHED, 3)}


@contextmanager
def _portal(course: Path, db: str, folder: Path) -> Iterator[tuple[str, dict[str, int]]]:
    command = [sys.executable, "-m", "grader", "serve", "--port", "0", "--course", str(course), "--db", db]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GRADER_")} | {"GRADER_SECRET": KEY}
    with (folder / "log").open("w") as log:
        portal = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    assert portal.stdout
    try:
        url = portal.stdout.readline().split()[-1]
        _wait(url)
        web, dispatcher = [pid for pid in _children(portal.pid) if b"spawn_main" in _command(pid)]
        yield url, {"web": web, "dispatcher": dispatcher}
    finally:
        portal.terminate()
        portal.wait(120)
        portal.stdout.close()


def _wait(url: str) -> None:
    end = time.monotonic() + 300
    while time.monotonic() < end:
        try:
            if httpx.get(f"{url}/readyz", timeout=60).json()["dispatcher"]:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise TimeoutError("the portal isn't ready")


def _children(pid: int) -> list[int]:
    return sorted(int(one) for task in Path(f"/proc/{pid}/task").iterdir() for one in _read(task / "children").split())


def _tree(pid: int) -> list[int]:
    return [pid, *(below for child in _children(pid) for below in _tree(child))] if _read(f"/proc/{pid}/stat") else []


def _command(pid: int) -> bytes:
    return _read(f"/proc/{pid}/cmdline")


def _processor(pid: int) -> float:
    """User and system time, of children that have ended too."""
    fields = _read(f"/proc/{pid}/stat").rpartition(b")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS


def _read(path: str | Path) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:
        return b""


def _quantiles(times: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
    return {"count": len(times), "p50": round(cuts[49], 3), "p95": round(cuts[94], 3), "last": round(max(times), 3)}


def _table(found: dict[str, object]) -> str:
    seconds = found.pop("seconds")
    assert isinstance(seconds, dict)
    lines = [f"{name:26} {value}" for name, value in found.items()]
    lines += ["", f"{'seconds':32}" + "".join(f"{head:>8}" for head in ("count", "p50", "p95", "last"))]
    lines += [f"{what:32}" + "".join(f"{one:8}" for one in row.values()) for what, row in seconds.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
