"""docs/json.md has every field of the output of `--json` and of exported scores, with its type, and no other."""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest

from grader.core.questions.kinds.registry import KINDS
from grader.core.results.verdict import Verdict
from grader.services.documents import load_documents
from tests.docs.shell import Shell

SOLUTION = '\n\n# %% [markdown] question="why"\n# ### BEGIN SOLUTION\n# It grows.\n# ### END SOLUTION\n'
CHECKS = """

from grader.authoring import text_question

why = text_question("why", title="Why?", points=2, rubric={"It grows": 1.5, "By how much": 0.5}, ideal="It grows.")
"""
POLICY = "\n[policy]\ndeadline = 2031-05-20T23:59:00\nlate_penalty = 0.1\nattempts = 2\n"
RIGHT = 'def twice(x):\n    return x + x\n\n# %% [markdown] question="why"\n# It grows.\n'
WRONG = RIGHT.replace("x + x", "x * x") + "\n# %%\n1 / 0\n"

TYPES: Final[Mapping[str, Callable[[Any], bool]]] = {
    "text": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "whole number": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "true": lambda value: value is True,
    "false": lambda value: value is False,
    "null": lambda value: value is None,
    "list": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "time": lambda value: isinstance(value, str) and datetime.fromisoformat(value).utcoffset() is not None,
}
MARKDOWN = load_documents()["json"].markdown


def read_tables(heading: str) -> Iterator[dict[str, str]]:
    """Yield each table of fields below a heading: the type of every field."""
    part = re.split(r"\n#+ ", MARKDOWN.partition(f"# {heading}\n")[2])[0]
    for table in re.findall(r"^\| field \| type \| meaning \|\n(?:\|.*\n)+", part, re.M):
        yield dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", table, re.M))


def require_agreement(heading: str, objects: Iterable[Mapping[str, Any]], table: int = 0) -> None:
    """Assert that the objects have the fields of a table, of the types it says; and each optional field sometimes."""
    types = list(read_tables(heading))[table]
    found = list(objects)
    assert found, heading
    for one in found:
        assert set(one) <= set(types), f"{heading}: docs/json.md lacks {set(one) - set(types)}"
        for field, type in types.items():
            if field in one:
                kinds = type.removesuffix(", optional").split(" or ")
                assert any(TYPES[kind](one[field]) for kind in kinds), f"{heading}: {field} is {one[field]!r}"
            else:
                assert type.endswith(", optional"), f"{heading}: there is no field {field}"
    seen = {field for one in found for field in one}
    assert set(types) - seen <= {"result"}, f"{heading}: no object has {set(types) - seen}"


@pytest.fixture
def shell(course_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Return a shell in an empty folder with a small course that has rules, and a question that a person marks."""
    for name, more in (("solution.py", SOLUTION), ("checks.py", CHECKS)):
        with (course_folder / "reference" / "doubling" / name).open("a") as file:
            file.write(more)
    with (course_folder / "reference" / "course.toml").open("a") as file:
        file.write(POLICY)
    (tmp_path / "work").mkdir()
    shell = Shell(tmp_path / "work", monkeypatch)
    monkeypatch.setenv("GRADER_COURSE", str(course_folder))
    for student, text in {"ada": RIGHT, "bob": WRONG, "eve": "\x00"}.items():
        handed_in = Path("class", student, "doubling.py")
        handed_in.parent.mkdir(parents=True)
        handed_in.write_text(text)
    return shell


def read_json(shell: Shell, *arguments: str, code: int = 0) -> list[dict[str, Any]]:
    """Run `grader` with `--json` and return the objects that it prints."""
    ran = shell.run_grader(*arguments, "--json")
    assert ran.code == code, ran.out + ran.err
    return [json.loads(line) for line in ran.out.splitlines()]


def test_the_objects_of_a_class(shell: Shell, course_folder: Path) -> None:
    """Check, collect, grade, marks queue, regrade, log and info print the documented fields, and no others."""
    checked = read_json(shell, "check", "class/bob/doubling.py", code=1)
    assert checked[0]["student"] is None
    collected = read_json(shell, "collect", "class", code=3)
    require_agreement("Collected files", collected)
    read_json(shell, "grade", code=3)
    require_agreement("Answers to mark", read_json(shell, "marks", "queue"))
    assert shell.run_grader("marks", "set", "1", "why", "--item", "1").code == 0
    checks = course_folder / "reference" / "doubling" / "checks.py"
    checks.write_text(checks.read_text().replace("rng.normal(size=3)", "np.array([0.0, 2.0])"))
    graded = [*checked, *read_json(shell, "grade", "--regrade", code=3), *read_json(shell, "grade", code=3)]
    require_agreement("A grading", graded)
    questions = [question for one in graded for question in one["questions"]]
    require_agreement("Entries of `questions`", questions)
    results = [check for question in questions for check in question["checks"]]
    require_agreement("Entries of `checks`", results)
    require_agreement("Entries of `explanations`", [one for check in results for one in check["explanations"]])
    require_agreement("Entries of `cells`", [cell for one in graded for cell in one.get("cells", ())])
    require_agreement("The object `mark`", [question["mark"] for question in questions if "mark" in question])
    changes = [one["change"] for one in graded if one.get("change")]
    require_agreement("The object `change`", changes)
    changed = [check for change in changes for check in change["checks"]]
    require_agreement("Entries of the change's `checks`", changed)
    outcomes = [outcome for check in changed for outcome in (check["before"], check["after"])]
    assert {tuple(outcome) for outcome in outcomes} == {("verdict", "points")}
    require_agreement("Records and accounts", read_json(shell, "db", "info"))
    require_agreement("Records and accounts", read_json(shell, "db", "log"), table=1)


def test_receipts_and_accounts(shell: Shell) -> None:
    """Submit and user list print the documented fields, and no others."""
    Path("notes.txt").write_text("no exercise")
    require_agreement(
        "Receipts",
        [
            *read_json(shell, "submit", "class/ada/doubling.py", "--student", "ada"),
            *read_json(shell, "submit", "class/eve/doubling.py", "--student", "eve", code=3),
        ],
    )
    assert shell.run_grader("user", "add", "ada").code == 0
    require_agreement("Records and accounts", read_json(shell, "user", "list"), table=2)


def test_the_sandbox(shell: Shell) -> None:
    """Doctor prints the documented fields."""
    (found,) = read_json(shell, "doctor")
    rows = dict(re.findall(r"^\| `(parts|machine|packages|unusable_packages)` \| (.*) \|$", MARKDOWN, re.M))
    assert set(found) == {"level", *rows}
    assert [re.findall(r"`(\w+)`", rows["parts"])] * 4 == [list(part) for part in found["parts"]]
    assert re.findall(r"`(\w+)`", rows["machine"]) == list(found["machine"])


def test_exports(shell: Shell) -> None:
    """The exported document, table and results have the documented fields and columns, and no others."""
    Path("roster.csv").write_text("id,name,email,canvas\nada,Ada Lovelace,ada@example.org,4711\n")
    shell.run_grader("collect", "class", "--roster", "roster.csv")
    shell.run_grader("grade")
    shell.run_grader("marks", "set", "1", "why", "--item", "1")
    for format, to in (("json", "scores.json"), ("csv", "scores.csv"), ("gradescope", "results")):
        assert shell.run_grader("export", "--format", format, "--to", to, "--pending").code == 0
    document = json.loads(Path("scores.json").read_text("utf-8"))
    require_agreement("Exported scores", [document])
    require_agreement("Entries of `exercises`", document["exercises"])
    require_agreement("The object `policy`", [one["policy"] for one in document["exercises"]])
    require_agreement("Entries of `students`", document["students"])
    scores = [score for student in document["students"] for score in student["scores"]]
    require_agreement("Entries of `scores`", scores)
    require_agreement("Entries of `attempts`", [attempt for score in scores for attempt in score["attempts"]])
    with Path("scores.csv").open(encoding="utf-8-sig") as file:
        header = next(csv.reader(file))
    tables = MARKDOWN.partition("## Exported tables\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.*?) \|", tables, re.M)
    assert sorted(header) == sorted(name for row in rows for name in re.findall(r"`(\w+)`", row))
    results = [json.loads(path.read_text("utf-8")) for path in Path("results").rglob("results.json")]
    require_agreement("Gradescope's results", results)
    require_agreement("Entries of `tests`", [test for one in results for test in one["tests"]])


def test_verdicts() -> None:
    """The table of verdicts has all of them, in their order."""
    table = MARKDOWN.partition("### Verdicts\n")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.M) == list(Verdict)


def test_kinds_of_questions() -> None:
    """The field `kind` has one name for each kind of question."""
    part = MARKDOWN.partition("### Entries of `questions`\n")[2].partition("\n### ")[0]
    (row,) = re.findall(r"^\| `kind` \| text \| (.*) \|$", part, re.M)
    assert sorted(re.findall(r"`(\w+)`", row)) == sorted(KINDS)
