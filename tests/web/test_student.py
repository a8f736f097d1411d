"""A student's pages without scripts: find the exercise, submit, read one's own feedback and nobody else's.

Covers `web/pages/student.py`, `web/pages/downloads.py`, `web/views/attempts.py`, `web/views/feedback_page.py` and
`web/views/release_files.py`.
"""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.services.release import write_release
from grader.store import Store

RIGHT = b"def twice(x):\n    return x + x\n"
WRONG = b"def twice(x):\n    return x * x\n"
Joins = Callable[..., Any]


def test_a_file_is_handed_in_and_its_feedback_read(join: Joins, store: Store) -> None:
    """The answer comes once the bytes are recorded; grading begins by itself; the page names the mistake."""
    ada = join("ada")
    answer = ada.hand_in("doubling", WRONG, "my work.py")
    assert (answer.status_code, answer.headers["location"]) == (303, "/exercises/doubling/attempts/1")
    (submission,) = store.submissions(student=ada.name)
    assert (store.read_content(submission.id), submission.file_name) == (WRONG, "my work.py")
    assert "Read the feedback" in ada.page("doubling", 1)
    feedback = ada.get("/exercises/doubling/attempts/1/feedback")
    assert "You squared it." in feedback.text
    assert feedback.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert ada.get("/exercises/doubling/attempts/1/file").content == WRONG


def test_the_best_attempt_is_the_score(join: Joins) -> None:
    """The list has score, state, deadline on the course's clocks, attempts left; the same bytes are one attempt."""
    ada = join("ada")
    ada.hand_in("doubling", RIGHT)
    ada.hand_in("doubling", WRONG)
    again = ada.hand_in("doubling", RIGHT)
    assert again.headers["location"] == "/exercises/doubling/attempts/1?again=1"
    assert "the same attempt" in ada.get(again.headers["location"]).text
    ada.page("doubling", 1)
    ada.page("doubling", 2)
    shown = " ".join(re.sub(r"<[^>]*>", " ", ada.get("/exercises").text).split())
    assert "Doubling 3 of 3 ✓ graded due 2031-05-20 23:59 CEST · 2 of 4 attempts left" in shown
    assert "Halving 3 points ○ not handed in no deadline" in shown


def test_the_template_is_a_notebook_with_blanks(join: Joins) -> None:
    """It is a file to download, and can be read when it is submitted unchanged."""
    ada = join("ada")
    template = ada.get("/exercises/halving/template.ipynb")
    assert "____" in template.text
    assert template.headers["content-disposition"].startswith('attachment; filename="halving.ipynb"')
    assert ada.hand_in("halving", template.content, "halving.ipynb").status_code == 303
    assert ada.hand_in("doubling", template.content, "halving.ipynb").status_code == 422


def test_the_files_of_an_exercise_are_those_of_its_release(join: Joins, course: Path, tmp_path: Path) -> None:
    """Each file of the page, and the zip, has the bytes that `grader release` gives; nothing else has an address."""
    ada = join("ada")
    write_release(tmp_path / "out", course)
    write_release(tmp_path / "out.zip", course)
    page = ada.get("/exercises/halving").text
    paths = re.findall(r'href="(/exercises/halving/files/[^"]+)"', page)
    assert [path.rpartition("/")[2] for path in paths] == ["halving.ipynb", "halving.py", "README.md"]
    for path in paths[:2]:
        assert ada.get(path).content == (tmp_path / "out" / path.rpartition("/")[2]).read_bytes()
    with zipfile.ZipFile(io.BytesIO(ada.get("/exercises/halving/files.zip").content)) as archive:
        names = archive.namelist()
        assert archive.read("checks/halving.json") == (tmp_path / "out" / "checks" / "halving.json").read_bytes()
    assert names == [
        *("README.md", "checks/halving.json", "checks/halving.npz", "checks/release.json"),
        *("halving.ipynb", "halving.py"),
    ]
    whole = ada.get("/release.zip")
    assert whole.content == (tmp_path / "out.zip").read_bytes()
    assert ada.http.get("/release.zip", headers={"If-None-Match": whole.headers["etag"]}).status_code == 304
    assert whole.headers["cache-control"] == "private, no-cache"
    for wrong in ("checks.py", "doubling.ipynb", "../course.toml", "..%2Fcourse.toml", ""):
        assert ada.http.get(f"/exercises/halving/files/{wrong}").status_code == 404


@pytest.mark.parametrize("part", ["", "/feedback", "/file", "/state", "/row"])
def test_the_work_of_other_students_is_not_found(join: Joins, part: str) -> None:
    """Another student's work gives a 404, as does anything that doesn't exist."""
    ada, bob = join("ada"), join("bob")
    ada.hand_in("doubling", RIGHT)
    ada.page("doubling")
    path = f"/exercises/doubling/attempts/1{part}"
    assert ada.get(path).status_code == 200
    assert bob.get(path).status_code == 404
    assert bob.get(path.replace("1", "x")).status_code == 404
    assert bob.get("/exercises/nothing").status_code == 404
    assert bob.get("/class").status_code == 404


def test_pages_redirect_to_sign_in(visitor: Any) -> None:
    """Every page of a student or instructor redirects to sign-in, and from there back to the page."""
    for path in ("/exercises", "/exercises/doubling", "/exercises/doubling/attempts/1/feedback", "/class", "/password"):
        answer = visitor.http.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={path}")
    assert visitor.http.post("/exercises/doubling/attempts").status_code == 303
