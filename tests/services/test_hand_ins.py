"""Hand-ins as a whole: who handed in nothing, which of several files counts, and which template is left out.

Covers `services/counted_files.py` and `services/untouched.py`.
"""

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.core.questions.exercise import Course
from grader.core.results.policy import Attempt, Policy, score_attempts
from grader.course.templates import render_template_notebook
from grader.services.collect import CollectRequest, collect_submissions, read_collect_input
from grader.services.collect_outcome import CollectOutcome
from grader.services.counted_files import HandedInFile, describe_counted_file, group_files
from grader.services.ingest import IngestResult, find_submission_files, record_files
from grader.services.submit import read_student_files, submit_files
from grader.store import Store

from .conftest import RecordedProgress

RIGHT = "def twice(x):\n    return x + x\n"
OTHER = "def twice(x):\n    return 2 * x\n"


def pack(files: Mapping[str, str | bytes]) -> bytes:
    """Return an archive of these files."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return data.getvalue()


def write(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder."""
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return root


@pytest.fixture
def template(course: Course) -> bytes:
    """Return the notebook that students get."""
    return render_template_notebook(course.exercise("doubling"))


def collect(store: Store, course: Course, folder: Path, progress: RecordedProgress) -> list[CollectOutcome]:
    """Collect a folder."""
    return list(collect_submissions(store, read_collect_input(course, CollectRequest([folder])), progress))


def ingest(store: Store, course: Course, folder: Path) -> list[IngestResult]:
    """Record a folder as `grader grade` does."""
    return list(record_files(store, course, find_submission_files([folder], course)))


METADATA = (
    "submission_1:\n  :submitters:\n  - :name: Ada\n    :sid: ada\n"
    "submission_2:\n  :submitters:\n  - :name: Bob\n    :sid: bob\n  - :name: Eve\n    :sid: eve\n"
)


@pytest.mark.parametrize(
    ("files", "missing"),
    [
        ({"ada/doubling.py": RIGHT, "bob/doubling.pdf": "", "eve/x/doubling.ipynb.txt": ""}, {"bob", "eve"}),
        ({"bob/doubling.pdf": "", "eve/doubling.html": ""}, {"bob", "eve"}),
        ({"a_1_1_doubling.py": RIGHT, "b_LATE_2_2_text.html": "", "b_LATE_2_3_x.pdf": ""}, {"b"}),
        ({"b_2_2_text.html": ""}, {"b"}),
        (
            {
                "Ada L_1_assignsubmission_file/d.zip": pack({"doubling.py": RIGHT}),
                "Bob_2_assignsubmission_file/x.pdf": "",
            },
            {"Bob"},
        ),
        (
            {"submission_metadata.yml": METADATA, "submission_1/doubling.py": RIGHT, "submission_2/x.pdf": ""},
            {"bob", "eve"},
        ),
        ({"submitted/ada/doubling/doubling.py": RIGHT, "submitted/bob/doubling/x.txt": ""}, {"bob"}),
        ({"ada/doubling.py": RIGHT, "bob/doubling.zip": pack({"x.pdf": ""})}, {"bob"}),
    ],
)
def test_who_handed_in_nothing_to_grade_is_named(
    store: Store, course: Course, tmp_path: Path, progress: RecordedProgress, files: dict[str, str], missing: set[str]
) -> None:
    """In the downloads of every system, and in folders: one line for each such student; nothing is recorded of them."""
    outcomes = collect(store, course, write(tmp_path / "download", files), progress)
    told = {one.student: str(one.reason) for one in outcomes if one.status == "refused"}
    assert set(told) == missing
    assert all("nothing that can be graded, only" in why for why in told.values())
    assert missing.isdisjoint(one.student for one in store.people.list_students())


def test_an_archive_of_a_student_is_opened(
    store: Store, course: Course, tmp_path: Path, progress: RecordedProgress
) -> None:
    """Its files are the student's; an archive inside it, one of another kind, and one of nobody get a line each."""
    files: dict[str, str | bytes] = {
        "ada/homework.zip": pack({"w/doubling.py": RIGHT, "w/more.zip": pack({"doubling.py": OTHER})}),
        "bob/doubling.zip": pack({"main.py": RIGHT}),
        "eve/doubling.rar": "Rar!",
        "all.zip": pack({"zoe/doubling.py": RIGHT}),
    }
    outcomes = collect(store, course, write(tmp_path / "download", files), progress)
    assert {(one.student, one.file_name) for one in store.submissions()} == {("ada", "doubling.py"), ("bob", "main.py")}
    refused = [Path(one.file).name for one in outcomes if one.status == "refused"]
    assert sorted(refused) == ["all.zip", "doubling.rar", "more.zip"]


@pytest.mark.parametrize("names", [("doubling.ipynb", "doubling (1).py"), ("doubling (1).ipynb", "doubling.py")])
@pytest.mark.parametrize("how", ["collect", "grade"])
def test_an_untouched_template_replaces_nothing(
    store: Store,
    course: Course,
    tmp_path: Path,
    progress: RecordedProgress,
    template: bytes,
    names: tuple[str, str],
    how: str,
) -> None:
    """Whatever the files are called, in the same hand-in or a later one; alone it is recorded."""
    one, other = names
    folder = write(tmp_path / "class", {f"ada/{one}": template, f"ada/{other}": RIGHT, "bob/doubling.ipynb": template})
    for _ in range(2):
        if how == "collect":
            reasons = [x.reason for x in collect(store, course, folder, progress) if x.status == "left_out"]
        else:
            reasons = [x.left_out for x in ingest(store, course, folder) if x.left_out]
        assert reasons == [f"nothing is filled in, so {other} counts"]
    assert {(x.student, x.file_name) for x in store.submissions()} == {("ada", other), ("bob", "doubling.ipynb")}
    later = write(tmp_path / "later", {f"ada/{one}": template, "bob/doubling.py": RIGHT})
    (left_out, _) = ingest(store, course, later)
    assert left_out.left_out == "nothing is filled in, so it does not replace attempt 1"
    assert [x.number for x in store.submissions(student="bob")] == [1, 2]


def test_a_template_in_another_folder_replaces_nothing(
    store: Store, course: Course, tmp_path: Path, template: bytes
) -> None:
    """A student's files may lie in several folders, with others between them, or under another spelling in Unicode."""
    answer = "def twice(x):\n    return 2 * x\n"
    write(tmp_path / "first", {"ada/doubling.py": answer, "bob/doubling.py": answer, "Zoe\u0308/doubling.py": answer})
    write(tmp_path / "later", {"ada/doubling.ipynb": template, "Zo\u00eb/doubling.ipynb": template})
    files = find_submission_files([tmp_path / "first", tmp_path / "later"], course)
    left_out = [one.left_out for one in record_files(store, course, files) if one.submission is None]
    assert left_out == ["nothing is filled in, so doubling.py counts"] * 2


def test_a_template_handed_in_by_name_is_refused(store: Store, course: Course, tmp_path: Path, template: bytes) -> None:
    """`submit` records the file that is filled in, and gives a reason instead of a receipt for the other."""
    folder = write(tmp_path / "mine", {"doubling.ipynb": template, "final.py": RIGHT, "doubling.py": RIGHT})
    files = read_student_files([folder / "doubling.ipynb", folder / "doubling.py"], "ada", ["doubling"])
    first, second = submit_files(store, course, "ada", files)
    assert isinstance(first.result, IngestResult)
    assert "so doubling.py counts" in str(first.result.error)
    assert second.can_be_graded


def counted(*numbers: int, policy: Policy = Policy(), scores: Mapping[int, float] = {}) -> str:
    """Return the sentence about files with these attempt numbers, `1.py` and so on."""
    now = datetime(2031, 1, 1, tzinfo=UTC)
    attempts = [Attempt(n, now, scores.get(n, 0.0), 3.0) for n in range(1, max(numbers) + 1)]
    files = [HandedInFile("ada", "doubling", f"ada/{i}.py", n) for i, n in enumerate(numbers, 1)]
    return describe_counted_file(files, score_attempts(policy, attempts), graded=bool(scores))


def test_the_file_that_counts_is_named() -> None:
    """By the rule of the course: the last one, the last within the limit, the best one, or none of these."""
    assert counted(1, 2) == "ada: 2 files for doubling: 2.py counts, as the last one (attempt 2 of 2)"
    assert "1.py counts, as the last within the limit of 1 (attempt 1 of 2)" in counted(1, 2, policy=Policy(attempts=1))
    best = Policy(counts="best")
    assert "1.py counts, as the best one (attempt 1 of 2)" in counted(1, 2, policy=best, scores={1: 2.0, 2: 1.0})
    assert "the best one counts, which grading tells" in counted(1, 2, policy=best)
    assert "attempt 1, handed in at another time, counts" in counted(2, 3, policy=best, scores={1: 3.0})
    assert counted(1, 1) == "ada: 2 files for doubling: 1.py and 2.py are the same, attempt 1"


def test_of_many_files_some_are_named() -> None:
    """The line stays readable, however many files somebody hands in."""
    assert "f0.py and f1.py and f2.py and f3.py and f4.py and 35 more are the same" in describe_counted_file(
        [HandedInFile("ada", "losses", f"f{i}.py", 1) for i in range(40)], None, graded=False
    )


def test_a_module_of_very_many_is_no_answer(
    store: Store, course: Course, progress: RecordedProgress, tmp_path: Path, template: bytes
) -> None:
    """Of an archive with very many files only the answers are read; too many answers are refused, all of them."""
    modules = {f"m{i}.py": "x = 1" for i in range(101)}
    packed = {"ada/w.zip": pack({"any.ipynb": template, **modules}), "bob/w.zip": pack(modules)}
    refused, recorded = collect(store, course, write(tmp_path / "class", packed), progress)
    assert refused.reason == "101 notebooks and scripts, more than 100; hand in those that answer an exercise"
    assert (refused.status, recorded.status, recorded.student) == ("refused", "recorded", "ada")


def test_only_several_files_are_named() -> None:
    """A student with one file for an exercise needs no sentence; two files of one name are told apart by folder."""
    files = [HandedInFile("ada", "doubling", path, 1) for path in ("a/x.py", "b/x.py")]
    assert group_files([*files, HandedInFile("bob", "doubling", "c/x.py", 1)]) == [files]
    assert "a/x.py and b/x.py are the same" in describe_counted_file(files, None, graded=True)
