"""`grader init`: a course of one exercise that works at once."""

from pathlib import Path

from tests.cli.conftest import Command


def test_a_new_course_works_at_once(grader: Command) -> None:
    """The new course builds, passes verification, gives its solution full marks, and reports."""
    ran = grader("init", "mine")
    assert (ran.code, ran.err) == (0, "")
    for line in ran.out.splitlines():
        assert Path(line.removeprefix("wrote ")).is_file()
    assert grader("build", "--check", "--course", "mine").code == 0
    student = Path("class/ada/first_steps.py")
    student.parent.mkdir(parents=True)
    student.write_bytes(Path("mine/reference/first_steps/solution.py").read_bytes())
    (graded,) = grader("grade", "class", "--course", "mine", "--json").lines
    assert graded["score"] == graded["max_score"] == 2
    assert grader("report", "--course", "mine", "--to", "report").code == 0
    assert Path("report/index.html").is_file()


def test_existing_files_are_never_overwritten(grader: Command) -> None:
    """A file or a folder with content is refused in one line and stays as it was; an empty folder is used."""
    Path("full").mkdir()
    Path("full/mine.txt").write_text("keep")
    for place in ("full", "full/mine.txt"):
        ran = grader("init", place)
        assert (ran.code, ran.out) == (2, "")
        assert "is not empty" in ran.err
    assert [p.name for p in Path("full").iterdir()] == ["mine.txt"]
    Path("empty").mkdir()
    assert grader("init", "empty").code == 0
