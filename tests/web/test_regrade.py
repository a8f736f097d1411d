"""A regrade from a page, first as a dry run, by the program's own commands; and the check of the course.

Covers `web/pages/course.py`, `web/pages/regrade.py`, `web/processes/background_jobs.py` and
`web/processes/background_runner.py`.
"""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.core.results.grading import Grading
from grader.course.loader import load_course
from grader.sandbox.level import Level
from grader.services.grade import find_submissions_to_grade, grade_submissions
from grader.services.grading_run import GradeRequest, GradingOptions
from grader.store import Store
from grader.web.processes.background_jobs import (
    BackgroundJob,
    BackgroundJobKind,
    BackgroundJobQueue,
    BackgroundJobResult,
    RegradeScope,
)

RIGHT = b"def twice(x):\n    return x + x\n"


@pytest.fixture
def own_course(course: Path, tmp_path: Path) -> Path:
    """Return a course that may be changed."""
    shutil.copytree(course / "reference", tmp_path / "course" / "reference")
    return tmp_path / "course"


def _change(course: Path, before: str, after: str) -> None:
    solution = course / "reference" / "doubling" / "solution.py"
    solution.write_text(solution.read_text().replace(before, after))


def _grade_class(course: Path, db: str, *students: str) -> None:
    """Grade the right answer of each student, as `grader grade` does."""
    loaded, request = load_course(course), GradeRequest()
    with Store.open(db) as store:
        store.remember(loaded)
        for student in students:
            store.record(student, "doubling", RIGHT, "mine.py")
        found = find_submissions_to_grade(store, loaded, None, request)
        grade_submissions(store, loaded, found, request, GradingOptions(1, Level.FULL, Level.SECCOMP))


def _until_done(server: Any, eve: Any, page: str) -> str:
    server.wait(lambda: "Reload" not in eve.get(page).text)
    return str(eve.get(page).text)


def _score(store: Store) -> float:
    (one,) = store.iterate_graded()
    assert isinstance(one.result, Grading)
    return one.result.score


def test_a_regrade_follows_a_dry_run(
    own_course: Path, serving: Any, enter: Callable[..., Any], tmp_path: Path, database_url: str
) -> None:
    """The dry run shows whose score would change, and records nothing; the regrade appends, in the user's name."""
    _grade_class(own_course, db := database_url, "ada")
    with Store.open(db) as store:
        assert _score(store) == 3
    _change(own_course, "x + x", "3 * x")
    with serving(own_course, db, tmp_path) as server, Store.open(db) as store:
        eve = enter(server.url, store, "eve", "instructor")
        assert "1 submission has not been graded with this version of the course." in eve.get("/regrade").text
        unseen = eve.post("/regrade", "/regrade")
        assert unseen.status_code == 409
        assert "First look at what would change" in unseen.text

        assert eve.post("/regrade/preview", "/regrade").status_code == 303
        assert "Show the scores that would change" in _until_done(server, eve, "/regrade")
        would = eve.get("/regrade/preview").text
        assert "Preview of a regrade" in would
        assert "ada" in would
        assert _score(store) == 3

        assert eve.post("/regrade", "/regrade").status_code == 303
        page = _until_done(server, eve, "/regrade")
        assert "Show its changes" in page
        assert "All submissions have been graded with this version of the course." in page
        assert "1 of 1 regraded submission changed" in eve.get("/regrade/regrade").text
        assert eve.get("/regrade/preview").status_code == 404
        assert _score(store) == 0
        assert [event.who for event in store.history() if event.what == "regraded"] == ["eve"]

        _change(own_course, "3 * x", "4 * x")
        eve.post("/regrade/preview", "/course")
        assert "start the portal again" in _until_done(server, eve, "/regrade")
        assert eve.post("/regrade", "/course").status_code == 409


def test_one_question_of_one_student_is_regraded(
    own_course: Path, serving: Any, enter: Callable[..., Any], tmp_path: Path, database_url: str
) -> None:
    """A regrade is of exactly the dry run's scope, in the user's name; unknown names are refused with a message."""
    _grade_class(own_course, database_url, "ada", "-bob")
    _change(own_course, "x + x", "3 * x")
    with serving(own_course, database_url, tmp_path) as server, Store.open(database_url) as store:
        eve = enter(server.url, store, "eve", "instructor")
        asked = {"student": "-bob", "what": "doubling/twice"}
        for wrong in ({"student": "zoe"}, {"what": "nowhere"}, {"what": "doubling/half"}, {"what": "doubling/"}):
            answer = eve.post("/regrade/preview", "/regrade", **asked | wrong)
            assert answer.status_code == (303 if wrong == {"what": "doubling/"} else 422), wrong
        _until_done(server, eve, "/regrade")
        assert eve.post("/regrade/preview", "/regrade", **asked).status_code == 303
        page = _until_done(server, eve, "/regrade")
        assert re.search(r"Only: <bdi>[^<]+ · Of [^<]*twice[^<]* · -bob</bdi>", page), page
        would = eve.get("/regrade/preview").text
        assert "-bob" in would
        assert "ada" not in would
        assert "there has been another preview" in eve.post("/regrade", "/regrade").text
        scope = {"student": "-bob", "exercise": "doubling", "question": "twice"}
        assert eve.post("/regrade", "/regrade", **scope).status_code == 303
        assert "1 submission has not been graded with this version" not in _until_done(server, eve, "/regrade")
        scores = {
            one.submission.student: one.result.score
            for one in store.iterate_graded()
            if isinstance(one.result, Grading)
        }
        assert scores == {"ada": 3, "-bob": 0}


def test_the_course_is_verified(own_course: Path, serving: Any, enter: Callable[..., Any], tmp_path: Path) -> None:
    """The page shows the problems that `grader build --check` finds: here, that no template was written."""
    db = f"sqlite:///{tmp_path / 'grader.db'}"
    with serving(own_course, db, tmp_path) as server, Store.open(db) as store:
        eve = enter(server.url, store, "eve", "instructor")
        assert "has not been checked" in eve.get("/course").text
        assert eve.post("/course/check", "/course").status_code == 303
        page = _until_done(server, eve, "/course")
        assert "did not pass the check:" in page
        assert page.count("exercises/doubling.ipynb is missing") == 2


def test_jobs_run_once_and_results_belong_to_a_version(tmp_path: Path) -> None:
    """A running job isn't started again by anybody; results of another version of the course aren't shown."""
    jobs = BackgroundJobQueue(tmp_path)
    assert jobs.get_next() is None
    jobs.enqueue(BackgroundJobKind.DRY_RUN, "eve", RegradeScope("ada", "doubling"))
    jobs.enqueue(BackgroundJobKind.DRY_RUN, "mal")
    assert jobs.get_next() == BackgroundJob(BackgroundJobKind.DRY_RUN, "eve", RegradeScope("ada", "doubling"))
    found = BackgroundJobResult("v1", 0, "said", "<p>", RegradeScope("ada", "doubling"))
    jobs.finish(BackgroundJobKind.DRY_RUN, found)
    assert jobs.get_next() is None
    assert jobs.load_result(BackgroundJobKind.DRY_RUN, "v1") == found
    assert jobs.load_result(BackgroundJobKind.DRY_RUN, "v2") is None
    jobs.finish(BackgroundJobKind.REGRADE, BackgroundJobResult("v1", 0, "said", "<p>"))
    assert jobs.load_result(BackgroundJobKind.DRY_RUN, "v1") is None
