"""Other graders on the same questions: nbgrader and otter-grader, each in a virtual environment of its own.

The environments are made once, in a cache folder, from the registry that pip uses. A failure is reported in its row.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.core.judging.reference_data import compute_reference_data
from grader.core.questions.exercise import Exercise
from grader.course.templates import make_solved_submission

SUBMISSIONS = 2
"""Graded to find what one more costs."""
NBGRADER_CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'benchmark'\n"


@dataclass(frozen=True)
class Cost:
    """The milliseconds that one more submission takes; if that isn't known, the reason."""

    each: float | None
    why: str = ""


def asserts(exercise: Exercise) -> list[str]:
    """Return, per question, Python that asserts what our checks of functions compare; the tensors are in the text."""
    judged_by = compute_reference_data(exercise, b"benchmark")
    texts = []
    for question in exercise.questions:
        lines = [
            f"assert np.allclose({question.function}(*{_text(case.args)}), {_text(case.expected)})"
            for check in question.checks
            for case in judged_by.cases.get((question.id, check.name), ())
        ]
        if lines:
            texts.append("\n".join(("import numpy as np", "from numpy import array, float32, int32, int64", *lines)))
    return texts


def measured(
    name: str, cache: Path, packages: Sequence[str], run: Callable[[Path, Exercise, int], float], e: Exercise
) -> Cost:
    """Measure the marginal cost with a program that is installed here first."""
    try:
        environment = _environment(cache / name, packages)
        few, many = (run(environment, e, count) for count in (1, 1 + SUBMISSIONS))
        return Cost((many - few) / SUBMISSIONS * 1000)
    except (OSError, subprocess.SubprocessError, RuntimeError) as error:
        said = getattr(error, "stderr", "") or str(error)
        return Cost(None, str(said).strip().splitlines()[-1][:150] if str(said).strip() else type(error).__name__)


def nbgrader(environment: Path, exercise: Exercise, count: int) -> float:
    """Return the seconds of `nbgrader autograde` for a number of submissions of the solution."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "nbgrader_config.py").write_text(NBGRADER_CONFIG)
        cells = [_cell(cell.source, f"given-{i}") for i, cell in enumerate(_code(exercise))]
        tests = [
            _cell(text, f"test-{i}", {"grade": True, "grade_id": f"test-{i}", "locked": True, "points": 1})
            for i, text in enumerate(asserts(exercise))
        ]
        source = folder / "source" / "losses" / "losses.ipynb"
        _write(source, [*cells, *tests])
        _call(environment, "nbgrader", ["generate_assignment", "losses"], folder)
        for number in range(count):
            _write(folder / "submitted" / f"s{number}" / "losses" / "losses.ipynb", [*cells, *tests])
        start = time.perf_counter()
        _call(environment, "nbgrader", ["autograde", "losses"], folder)
        seconds = time.perf_counter() - start
        graded = list((folder / "autograded").glob("*/losses/losses.ipynb"))
        if len(graded) != count:
            raise RuntimeError(f"nbgrader graded {len(graded)} of {count}")
        return seconds


def otter(environment: Path, exercise: Exercise, count: int) -> float:
    """Return the seconds of `otter run`, once per submission of the solution: without Docker it takes one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "tests").mkdir()
        for number, text in enumerate(asserts(exercise)):
            code = "".join(f"{'>>>'} {line}\n" for line in text.splitlines())
            case = {"code": code, "hidden": False, "locked": False}
            suite = {"cases": [case], "scored": True, "setup": "", "teardown": "", "type": "doctest"}
            test = {"name": f"q{number}", "points": 1, "suites": [suite]}
            (folder / "tests" / f"q{number}.py").write_text(f"OK_FORMAT = True\ntest = {test!r}\n")
        _call(environment, "otter", ["generate", "-t", "tests", "-o", "autograder.zip", "--no-environment"], folder)
        cells = [_cell(cell.source, f"given-{i}") for i, cell in enumerate(_code(exercise))]
        _write(folder / "losses.ipynb", cells)
        start = time.perf_counter()
        for _ in range(count):
            _call(environment, "otter", ["run", "-a", "autograder.zip", "losses.ipynb"], folder)
        seconds = time.perf_counter() - start
        scores = json.loads((folder / "results.json").read_text())["tests"]
        if not all(one.get("score") == one.get("max_score") for one in scores[1:]):
            raise RuntimeError("otter didn't give the solution full marks")
        return seconds


def _code(exercise: Exercise) -> list[Any]:
    return [cell for cell in make_solved_submission(exercise).cells if cell.kind == "code"]


def _text(value: object) -> str:
    import numpy as np

    with np.printoptions(threshold=sys.maxsize, precision=17, floatmode="unique"):
        return repr(value).replace("\n", " ").replace("nan", "np.nan").replace("inf", "np.inf")


def _cell(source: str, name: str, grading: dict[str, Any] | None = None) -> dict[str, Any]:
    metadata = (
        {"nbgrader": grading | {"schema_version": 3, "solution": False, "task": False, "cell_type": "code"}}
        if grading
        else {}
    )
    return {
        "cell_type": "code",
        "id": name,
        "metadata": metadata,
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def _write(file: Path, cells: list[dict[str, Any]]) -> None:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}))


def _environment(folder: Path, packages: Sequence[str]) -> Path:
    """Return the `bin` folder of a virtual environment with these packages; make it if it doesn't exist."""
    done = folder / "installed"
    if not done.exists():
        subprocess.run(
            [sys.executable, "-m", "venv", "--clear", str(folder)], check=True, capture_output=True, text=True
        )
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", *packages]
        subprocess.run(pip, check=True, capture_output=True, text=True, timeout=900)
        done.touch()
    return folder / "bin"


def _call(environment: Path, program: str, arguments: Sequence[str], folder: Path) -> None:
    path = f"{environment}{os.pathsep}{os.environ['PATH']}"
    own = {**os.environ, "PATH": path, "HOME": str(folder), "JUPYTER_DATA_DIR": str(folder / ".jupyter")}
    command = [str(environment / program), *arguments]
    subprocess.run(command, cwd=folder, env=own, check=True, capture_output=True, text=True, timeout=600)
