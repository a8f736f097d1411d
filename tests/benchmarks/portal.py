"""A class that hands in at once, against a real portal on loopback: nothing lost, and how long it takes.

    python tests/benchmarks/portal.py [--students 200] [--seconds 10] [--db URL] [--course DIR]

Prints one JSON object: uploads with their errors, seconds from upload to result (p50, p95, last), gradings a second,
times of pages that are read meanwhile, and what is missing in the records.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx

from grader.course import bundled, load
from grader.release import notebook
from grader.store import Store

LONGEST = 1800.0
PAGES = ("/healthz", "/sign-in")


@dataclass
class Seen:
    """What was measured, in seconds; safe to append to from threads."""

    uploads: list[float] = field(default_factory=list)
    results: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def main() -> int:
    """Starts a portal, lets the class hand in, waits for the last result, and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=10.0, help="within which all hand in")
    parser.add_argument("--db", help="default: SQLite in a folder of its own")
    parser.add_argument("--course", type=Path, default=bundled())
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        db = asked.db or f"sqlite:///{folder}/grader.db"
        print(json.dumps(measured(asked.course, db, Path(folder), asked.students, asked.seconds), indent=1))
    return 0


def measured(course: Path, db: str, folder: Path, students: int, seconds: float) -> dict[str, object]:
    """The figures of one class."""
    with Store.open(db) as store:
        tokens = {f"student-{i}": _token(store, f"student-{i}") for i in range(students)}
    exercise = load(course).exercises[0]
    data = notebook(exercise)
    command = [sys.executable, "-m", "grader", "serve", "--port", "0", "--course", str(course), "--db", db]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GRADER_")}
    with (folder / "log").open("w") as log:
        portal = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    assert portal.stdout
    try:
        url = portal.stdout.readline().split()[-1]
        _wait(url)
        seen, over = Seen(), threading.Event()
        reader = threading.Thread(target=_read_pages, args=(url, seen, over))
        reader.start()
        began = time.monotonic()
        with ThreadPoolExecutor(students) as pool:
            for name, token in tokens.items():
                pool.submit(_student, url, token, exercise.name, _own(data, name), random.uniform(0, seconds), seen)
        took = time.monotonic() - began
        over.set()
        reader.join()
    finally:
        portal.terminate()
        portal.wait(120)
        portal.stdout.close()
    with Store.open(db) as store:
        there = {one.submission.student for one in store.latest(exercise=exercise.name)}
    return {
        "database": db.partition(":")[0],
        "students": students,
        "exercise": exercise.name,
        "cores": os.cpu_count(),
        "errors": seen.errors[:5],
        "error_count": len(seen.errors),
        "missing": len(set(tokens) - there),
        "upload": _quantiles(seen.uploads),
        "upload_to_result": _quantiles(seen.results),
        "page_meanwhile": _quantiles(seen.pages),
        "graded_per_second": round(len(there) / took, 1),
        "all_done_after": round(took, 1),
    }


def _token(store: Store, name: str) -> str:
    store.accounts.add(name, "student", timedelta(days=1))
    account = store.accounts.named(name)
    assert account
    return store.tokens.make(account.id, "load", timedelta(days=1))


def _own(data: bytes, name: str) -> bytes:
    """A notebook that nobody else has handed in."""
    content = json.loads(data)
    content["metadata"]["name"] = name
    return json.dumps(content).encode()


def _student(url: str, token: str, exercise: str, data: bytes, after: float, seen: Seen) -> None:
    time.sleep(after)
    there = f"/api/v1/exercises/{exercise}/attempts"
    try:
        with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=300) as client:
            began = time.monotonic()
            answer = client.post(there, files={"file": (f"{exercise}.ipynb", data)})
            answer.raise_for_status()
            seen.uploads.append(time.monotonic() - began)
            while (found := client.get(f"{there}/1/result")).status_code == 409:
                if time.monotonic() - began > LONGEST:
                    raise TimeoutError("no result")
                time.sleep(float(found.headers["Retry-After"]))
            found.raise_for_status()
            seen.results.append(time.monotonic() - began)
    except (httpx.HTTPError, TimeoutError) as error:
        seen.errors.append(f"{type(error).__name__}: {error}")


def _read_pages(url: str, seen: Seen, over: threading.Event) -> None:
    with httpx.Client(base_url=url, timeout=300) as client:
        while not over.wait(0.1):
            for path in PAGES:
                began = time.monotonic()
                try:
                    client.get(path).raise_for_status()
                except httpx.HTTPError as error:
                    seen.errors.append(f"{path}: {type(error).__name__}: {error}")
                seen.pages.append(time.monotonic() - began)


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


def _quantiles(times: list[float]) -> dict[str, float] | None:
    if len(times) < 2:
        return None
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return {"p50": round(cuts[49], 3), "p95": round(cuts[94], 3), "last": round(max(times), 3)}


if __name__ == "__main__":
    sys.exit(main())
