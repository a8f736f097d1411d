"""The instructor's pages without scripts: class, roster, submissions, marks, extensions, score files.

Covers `web/pages/instructor.py`, `web/pages/marking.py`, `web/pages/roster.py`, `web/pages/tokens.py` and
`web/views/class_view.py`.
"""

import base64
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from markupsafe import escape

from grader.course.loader import load_course
from grader.formats.export.registry import EXPORT_FORMATS
from grader.grading.tasks import GradingConfig, make_faulted_grading
from grader.store import Enrolment, Store, SubmissionFilter
from grader.web.app_state import open_portal
from grader.web.settings import PortalSettings
from tests.formats.pictures.samples import make_image, save

RIGHT = b"def twice(x):\n    return x + x\n"
PICTURE = f"data:image/png;base64,{base64.b64encode(save(make_image('L'), 'png')).decode()}"
SAID = (
    '# %% [markdown] question="why"\n# *question: why*\n#\n# Because <script>window.ran = 1</script> {}.\n'
    f"# ![x]({PICTURE})\n"
)
Joins = Callable[..., Any]


def say(student: Any, store: Store, what: str = "so") -> int:
    """Submit an answer in prose, wait until it is graded, and return its submission's id."""
    answer = student.hand_in("saying", SAID.format(what).encode(), "saying.py")
    assert answer.status_code == 303, answer.text
    student.page("saying", 1)
    (one,) = store.submissions(student=student.name)
    return one.id


def test_the_class_at_a_glance(join: Joins) -> None:
    """Every exercise has its numbers, and the links of the class page lead to students' pages and tables."""
    ada, eve = join("ada"), join("eve", "instructor")
    ada.hand_in("doubling", RIGHT)
    ada.page("doubling")
    shown = eve.get("/class").text
    assert "Doubling" in shown
    assert "waiting to be graded" in eve.get("/class/numbers").text
    whole = eve.get("/class/report")
    assert ada.name in whole.text
    assert "frame-ancestors" in whole.headers["content-security-policy"]
    links = set(re.findall(r'href="([^"#:]+/[^"#:]+)"', whole.text.replace("&#x2F;", "/")))
    assert any(link.startswith("_class/") for link in links), links
    page = f"{ada.name}/doubling.html"
    assert page in links
    for link in (page, next(link for link in links if link.startswith("_class/"))):
        assert eve.get(f"/class/{link}").status_code == 200, link
    assert eve.get("/class/nobody/doubling.html").status_code == 404


def test_a_roster_is_read_and_invited(join: Joins, store: Store) -> None:
    """A table of an LMS records students; each gets a link shown once; a bad table changes nothing."""
    eve = join("eve", "instructor")
    table = f"id,name,email,section\nzoe-{eve.name},Zoë <b>Bold</b>,zoe@example.org,A\nyan-{eve.name},Yan,,\n"
    answer = eve.post("/roster", "/roster", ("class.csv", table.encode()))
    assert "2 students are on record" in answer.text
    assert "2 rows read, 2 taken, 0 left out." in answer.text
    assert "Zoë &lt;b&gt;Bold" in eve.get("/roster").text
    answer = eve.post("/roster/invite", "/roster", name=f"zoe-{eve.name}")
    (token,) = re.findall(r"/invitation/([\w-]+)", answer.text)
    account = store.accounts.find_by_invitation(token)
    assert account
    assert (account.name, account.role) == (f"zoe-{eve.name}", "student")
    assert "/invitation/" not in eve.get("/roster").text
    before = len(store.people.list_students())
    for bad in (b"\xff\xfe\x00", b"colour\nred\n", b"id\na\na\n", b""):
        assert eve.post("/roster", "/roster", ("class.csv", bad)).status_code == 422
    assert len(store.people.list_students()) == before


def test_submissions_are_found(join: Joins, store: Store) -> None:
    """Submissions are found by exercise and student, with file and feedback page; hostile names are only text."""
    ada, eve = join("ada"), join("eve", "instructor")
    ada.hand_in("doubling", RIGHT, "<img src=x onerror=alert(1)>.py")
    ada.page("doubling")
    shown = eve.http.get("/submissions", params={"exercise": "doubling", "student": ada.name}).text
    assert "1 found" in shown
    assert "<img" not in shown
    (one,) = store.submissions(student=ada.name)
    assert eve.get(f"/submissions/{one.id}/file").content == RIGHT
    assert "of 3 points" in eve.get(f"/submissions/{one.id}/feedback").text
    assert "0 found" in eve.http.get("/submissions", params={"exercise": "halving", "student": ada.name}).text
    assert eve.http.get("/submissions", params={"only": "waiting", "student": ada.name}).status_code == 200


def test_files_on_which_the_grader_failed_are_named(course: Path, sqlite_url: str) -> None:
    """The class page links to them; their list names student and exercise, and no others."""
    loaded = load_course(course)
    with open_portal(PortalSettings(course, sqlite_url, b"s" * 32, "http://127.0.0.1")) as portal:
        records = portal.store
        records.record("ada", "doubling", b"x = 1", "a.py")
        id = records.record("bob", "doubling", b"x = 2", "b.py").id
        setup = GradingConfig(course, loaded.version, b"s" * 32)
        records.append(id, make_faulted_grading(loaded.exercise("doubling"), setup))
        assert portal.class_view.get_numbers().failed == 1
        count, found = records.progress.load_newest(9, SubmissionFilter(), "failed")
        assert (count, [one.submission.student for one in found]) == (1, ["bob"])


def test_an_extension_is_given_and_withdrawn(join: Joins, store: Store) -> None:
    """An extension is on the course's clocks, recorded with its author, shown to the student; nonsense is refused."""
    ada, eve = join("ada"), join("eve", "instructor")
    page = f"/student?name={ada.name}"
    give = {"name": ada.name, "exercise": "doubling", "reason": "ill"}
    assert eve.post("/student/extension", page, until="2031-06-01T12:00", **give).status_code == 303
    assert "due 2031-06-01 12:00 CEST" in re.sub(r"<[^>]*>", "", ada.get("/exercises").text)
    (event,) = [one for one in store.history(ada.name) if one.what == "extended"]
    assert event.who == eve.name
    assert eve.post("/student/extension", page, until="soon", **give).status_code == 422
    assert eve.post("/student/extension", page, until="", **give).status_code == 303
    assert store.people.find_extension(ada.name, "doubling") is None


def test_an_answer_is_marked_by_its_rubric(join: Joins, store: Store) -> None:
    """Items add up, a comment comes with them, the next answer follows; the student reads both."""
    ada, bob, eve = join("ada"), join("bob"), join("eve", "instructor")
    first, second = say(ada, store), say(bob, store, "brief")
    assert ada.name in eve.get("/marking").text
    page = f"/marking/{first}/why"
    shown = eve.get(page).text
    assert "Because &lt;script&gt;" in shown
    assert f'<img src="{PICTURE}" width="37" height="21" alt="Picture in the answer">' in shown
    assert "It says because" in shown
    assert "Why is it so?" in shown
    assert "Because it is so." in shown
    answer = eve.post(page, page, item="1", comment="<b>Well</b> said")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/marking/{second}/why")
    assert store.marks.load([first])[first]["why"].points == 1.5
    assert store.marks.load([first])[first]["why"].marker == eve.name
    feedback = ada.get("/exercises/saying/attempts/1/feedback").text
    assert f'<img src="{PICTURE}"' in feedback
    assert "&lt;b&gt;Well&lt;/b&gt; said" in feedback or "Well" in feedback
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', eve.get(page).text)
    for wrong in ("7", "-1", "nan", "much"):
        assert eve.post(page, page, points=wrong, seen=seen).status_code == 422
    assert "Enter 0 to 2 points." in eve.post(page, page, points="9", seen=seen).text
    assert store.marks.load([first])[first]["why"].points == 1.5
    page = f"/marking/{second}/why"
    assert eve.post(page, page, points="0,5").status_code == 303
    assert store.marks.load([second])[second]["why"].points == 0.5


def test_concurrent_marks_are_a_conflict(join: Joins, store: Store) -> None:
    """Another's mark is never overwritten silently: the second marker sees it, keeps the typed text, and decides.

    Sending the same form twice is no conflict, nor is changing one's own mark after seeing it.
    """
    ada, eve, max_ = join("ada"), join("eve", "instructor"), join("max", "instructor")
    id = say(ada, store)
    page = f"/marking/{id}/why"
    eve.get(page)
    assert eve.post(page, page, points="1", comment="fine").status_code == 303
    assert eve.post(page, page, points="1", comment="fine").status_code == 303
    told = max_.post(page, page, item="2", comment="too <b>short</b>")
    assert told.status_code == 409
    assert f"{eve.name} has marked this in the meantime: 1 with the comment “fine”" in told.text
    assert "too &lt;b&gt;short" in told.text
    assert re.search(r'id="item-2"[^>]* checked', told.text)
    assert store.marks.load([id])[id]["why"].points == 1
    seen = re.findall(r'name="seen" value="([^"]+)"', told.text)
    assert max_.post(page, page, item="2", seen=seen[0]).status_code == 303
    assert store.marks.load([id])[id]["why"].marker == max_.name
    assert eve.post(page, page, points="2", seen="nonsense").status_code == 409
    (seen_now,) = re.findall(r'name="seen" value="([^"]+)"', eve.get(page).text)
    assert eve.post(page, page, points="2", seen=seen_now).status_code == 303
    (seen_now,) = re.findall(r'name="seen" value="([^"]+)"', eve.get(page).text)
    refused = eve.post(page, page, points="7", comment="kept", seen=seen_now)
    assert refused.status_code == 422
    assert 'value="kept"' in refused.text
    assert [event.who for event in store.history(ada.name) if event.what == "marked"] == [eve.name, max_.name, eve.name]


def test_a_later_roster_adopts_students_or_asks(join: Joins, store: Store) -> None:
    """One of the same name is adopted; a similar one is a choice, which keeps the table's line until it is made."""
    eve = join("eve", "instructor")
    sure, unsure = f"Tess {eve.name}", f"Robert Q{eve.name}"
    for name in (sure, unsure):
        store.record(name, "doubling", RIGHT, "doubling.py")
    table = f"id,name,email\nt-{eve.name},{sure.upper()},t@example.org\nr-{eve.name},Bob Q{eve.name},\n".encode()
    page = eve.post("/roster", "/roster", ("class.csv", table)).text
    assert escape(f"{sure} is t-{eve.name} now, with everything on record.") in page
    assert "2 rows read, 1 taken, 1 left out (waiting for a decision)." in page
    assert [one.number for one in store.submissions(student=f"t-{eve.name}")] == [1]
    (entries,) = re.findall(r'name="entries" value="([^"]*)"', page)
    fields = {"entries": unescape(entries), "student": unsure}
    assert f'<option value="id:r-{eve.name}">' in eve.post("/roster/adopt", "/roster", choice="later", **fields).text
    assert eve.post("/roster/adopt", "/roster", choice="id:nobody", **fields).status_code == 422
    assert eve.post("/roster/adopt", "/roster", choice="later", entries="[1]").status_code == 422
    page = eve.post("/roster/adopt", "/roster", choice=f"id:r-{eve.name}", **fields).text
    assert "Who is who?" not in page
    assert [one.number for one in store.submissions(student=f"r-{eve.name}")] == [1]
    assert list(store.submissions(student=unsure)) == []


@pytest.mark.parametrize("format", EXPORT_FORMATS)
def test_scores_are_a_file(join: Joins, store: Store, format: str) -> None:
    """Each format is a file to download."""
    ada, eve = join("ada"), join("eve", "instructor")
    store.people.enroll(
        [Enrolment(ada.name, "Ada", f"{ada.name}@example.org", ids={"canvas": ada.name, "sis": ada.name})]
    )
    ada.hand_in("doubling", RIGHT)
    ada.page("doubling")
    answer = eve.get(f"/export/{format}?exercise=doubling&pending=1")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    shown = eve.get("/export").text
    assert f'<a href="/export/{format}?exercise=doubling">' in shown
    assert str(escape(EXPORT_FORMATS[format].description)) in shown
    assert eve.get("/export/word").status_code == 404


def test_the_page_of_the_course_shows_its_state(join: Joins) -> None:
    """The page shows the sandbox's level, whether grading runs, and outdated templates."""
    shown = join("eve", "instructor").get("/course").text
    assert "Grading is running." in shown
    assert re.search(r"Sandbox: (full|landlock|seccomp)", shown)
    assert "exercises/doubling.ipynb is missing: build the templates" in shown


def test_a_token_is_shown_once_and_revoked(join: Joins, store: Store) -> None:
    """It works at the API until its owner, and nobody else, revokes it."""
    ada, bob = join("ada"), join("bob")
    answer = ada.post("/tokens", "/tokens", purpose="my <i>laptop</i>")
    (token,) = re.findall(r"grader_[\w-]{30,}", answer.text)
    headers = {"Authorization": f"Bearer {token}"}
    shown = ada.get("/tokens").text
    assert token not in shown
    assert "my &lt;i&gt;laptop" in shown
    (id,) = re.findall(r"/tokens/(\d+)/revoke", shown)
    bob.post(f"/tokens/{id}/revoke", "/tokens")
    assert ada.http.get("/api/v1/me", headers=headers).json()["name"] == ada.name
    ada.post(f"/tokens/{id}/revoke", "/tokens")
    assert ada.http.get("/api/v1/me", headers=headers).status_code == 401
