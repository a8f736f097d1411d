"""The authoring reference: every example runs, and every public name, parameter, setting and message is described."""

import ast
import inspect
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pytest

import grader.authoring
from grader.authoring.code_questions import CodeQuestion
from grader.authoring.value_questions import ValuesQuestion
from grader.core.wire.job import Limits
from grader.course import example_submissions
from grader.course.feedback_settings import FEEDBACK_KEYS, STEP_KEYS
from grader.course.settings import COURSE_KEYS, EXERCISE_KEYS, POLICY_KEYS, read_settings
from grader.course.verify import declarations, equivalents, files, precision, references, submissions, trivial

DOCS = Path(grader.authoring.__file__).parents[1] / "docs"
PAGES = {name: (DOCS / f"authoring-{name}.md").read_text("utf-8") for name in ("reference", "code", "answers")}
SHOWN = ("`grader check` shows a student:", "`grader check` shows the student:")


@dataclass(frozen=True)
class Block:
    """A block of an authoring page: the line above it, its language and its text."""

    above: str
    language: str
    text: str

    @property
    def file(self) -> str:
        """The file to which the block belongs; empty for a block that is only shown."""
        label = re.fullmatch(r"(?:.* )?`([\w./-]+)`:", self.above)
        return label[1] if label else ""


def blocks(page: str) -> Iterator[Block]:
    """Yield the blocks of a page, in order."""
    for above, language, text in re.findall(r"([^\n]*)\n\n```(\w+)\n(.*?)^```$", page, re.S | re.M):
        yield Block(above, language, text)


EVERY_BLOCK = [block for page in PAGES.values() for block in blocks(page)]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the examples of all pages as one course, and build it; blocks of one file follow each other."""
    folder = tmp_path_factory.mktemp("course")
    texts: dict[str, str] = {}
    for block in EVERY_BLOCK:
        if block.file.startswith("reference/"):
            texts[block.file] = f"{texts[block.file]}\n\n{block.text}" if block.file in texts else block.text
    names = [name.split("/")[1] for name in texts if name.endswith("/checks.py")]
    toml = texts["reference/course.toml"]
    texts["reference/course.toml"] = re.sub(r"^exercises = .*$", f"exercises = {json.dumps(names)}", toml, flags=re.M)
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    run(folder, "build")
    return folder


def run(folder: Path, *arguments: str, codes: tuple[int, ...] = (0,)) -> str:
    """Run the program with this course, and return its standard output."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GRADER_")} | {"GRADER_COURSE": str(folder)}
    command = [sys.executable, "-m", "grader", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=200)
    assert done.returncode in codes, done.stdout + done.stderr
    return done.stdout


def test_every_python_block_has_a_file() -> None:
    """Each block of Python is a file of the examples' course, so that none goes untested."""
    assert [block.text for block in EVERY_BLOCK if block.language == "python" and not block.file] == []


def test_the_examples_are_a_sound_course(course: Path) -> None:
    """Copied from the pages, the examples pass `grader build --check`: solutions, templates, mistakes, samples."""
    exercises = len(list(course.glob("reference/*/checks.py")))
    samples = len(list(course.glob("reference/*/submissions/*/*.py")))
    said = run(course, "build", "--check")
    assert said.startswith(f"{exercises} exercises, ")
    assert f"{samples} sample submissions: the solutions score full marks" in said


def test_students_get_what_the_page_shows(course: Path) -> None:
    """Each template that a page shows has these lines, in this order."""
    shown = [block for block in EVERY_BLOCK if block.file.startswith("exercises/")]
    assert shown
    for block in shown:
        cells = json.loads((course / block.file).read_text("utf-8"))["cells"]
        given = "\n".join("".join(cell["source"]) for cell in cells)
        require_excerpt(block.text, given.replace(r"\____", "____"))  # as the cell is shown


def test_students_read_what_the_page_shows(course: Path, tmp_path: Path) -> None:
    """`grader check` prints for each sample submission the lines that the page shows below it."""
    pairs = []
    sample = ""
    for block in EVERY_BLOCK:
        sample = block.file if "/submissions/" in block.file else sample
        if block.above in SHOWN:
            pairs.append((sample, block.text))
    assert len({sample for sample, _ in pairs}) == len(pairs) > 5
    files = []
    for number, (sample, _) in enumerate(pairs):
        file = tmp_path / str(number) / f"{sample.split('/')[1]}.py"
        file.parent.mkdir()
        shutil.copy(course / sample, file)
        files.append(str(file))
    said = run(course, "check", *files, codes=(0, 1))
    parts = re.split(rf"^.* {re.escape(str(tmp_path))}/(\d+)/.*$", said, flags=re.M)[1:]
    printed = dict(zip(map(int, parts[::2]), parts[1::2], strict=True))
    for number, (_, text) in enumerate(pairs):
        require_excerpt(text, printed[number])


def require_excerpt(excerpt: str, text: str) -> None:
    """Require that a text has the excerpt's lines in their order; a `…` stands for anything."""
    lines = iter(text.splitlines())
    for line in excerpt.splitlines():
        if line.strip() != "…":
            pattern = re.compile(".*".join(map(re.escape, line.rstrip().split("…"))))
            assert any(pattern.fullmatch(other.rstrip()) for other in lines), f"{line!r} isn't in\n{text}"


def section(name: str) -> str:
    """Return the text of the section whose heading has this public name."""
    found = [
        part
        for page in PAGES.values()
        for part in re.split(r"^(?=#{2,4} )", page, flags=re.M)
        if f"`{name}`" in part.partition("\n")[0]
    ]
    assert len(found) == 1, f"{name} of grader.authoring needs one heading such as ### `{name}` in an authoring page"
    return found[0]


@pytest.mark.parametrize("name", grader.authoring.__all__)
def test_every_public_name_is_described(name: str) -> None:
    """Each name of `grader.authoring` has a heading, a place in the list of names, and all its parameters."""
    text = section(name)
    public = getattr(grader.authoring, name)
    for one in [public, *methods(public)]:
        for parameter in parameters(one):
            assert re.search(rf"`{parameter}\b|[(,] ?\*{{0,2}}{parameter}\b", text), f"{name}: {parameter}"
    index = PAGES["reference"].partition("## Every public name")[2].partition("\n## ")[0]
    assert f"`{name}`" in index, f"{name} isn't in the list of public names"


def methods(public: object) -> list[Any]:
    """Return the decorators of a type of question."""
    return [CodeQuestion.check, CodeQuestion.mistake, CodeQuestion.convention] if public is CodeQuestion else []


def parameters(public: Any) -> list[str]:
    """Return the names of the parameters that an author gives; none for types that authors don't make."""
    if public in (CodeQuestion, grader.authoring.Drawing, grader.authoring.Phrase):
        return []
    return [name for name in inspect.signature(public).parameters if name != "self"]


@pytest.mark.parametrize("method", [ValuesQuestion.check, ValuesQuestion.asks], ids=["check", "asks"])
def test_decorators_of_values_are_described(method: Any) -> None:
    """The decorators of questions about values are described with their parameters."""
    (line,) = [
        line for line in section("variables_question").splitlines() if line.startswith(f"- **`@q.{method.__name__}")
    ]
    assert [name for name in parameters(method) if name not in line] == []


@pytest.mark.parametrize("name", grader.authoring.__all__)
def test_every_public_name_has_an_example(name: str) -> None:
    """Each name of `grader.authoring` is used in the examples that run."""
    used = set()
    for block in EVERY_BLOCK:
        if block.language == "python" and block.file.endswith("/checks.py"):
            tree = ast.parse(block.text)
            used |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert name in used, f"{name} of grader.authoring has no example in an authoring page"


def test_signatures_have_todays_defaults() -> None:
    """Where a page gives a function's signature, its parameters and defaults are those of today."""
    compared = set()
    for name in grader.authoring.__all__:
        public = getattr(grader.authoring, name)
        for shown in re.findall(rf"^`{name}(\([^`]*\))`", section(name), re.M)[:1]:
            compared.add(name)
            signature = inspect.signature(public)
            bare = [p.replace(annotation=inspect.Parameter.empty) for p in signature.parameters.values()]
            wanted = str(inspect.Signature(bare)).replace("'", '"')
            assert shown == wanted, f"{name}: the page should say {wanted}"
    elsewhere = {
        "call",
        "call_if_defined",
        "read",
        "given",
        "say",
        "say_n",
        "QuestionBuilder",
    }  # in tables and in sentences
    types = {"CodeQuestion", "Drawing", "Phrase"}
    assert compared == set(grader.authoring.__all__) - elsewhere - types


@pytest.mark.parametrize(
    ("heading", "keys"),
    [
        ("## course.toml", {*COURSE_KEYS, *EXERCISE_KEYS}),
        ("### Limits", {field.name for field in fields(Limits)}),
        ("### Rules", set(POLICY_KEYS)),
        ("### Feedback", {*FEEDBACK_KEYS, *STEP_KEYS}),
    ],
)
def test_every_setting_is_described(heading: str, keys: set[str]) -> None:
    """Each key of course.toml has a row in its table, and no other key has one."""
    text = PAGES["reference"].partition(f"\n{heading}\n")[2]
    text = re.split(r"^#{2,3} ", text, maxsplit=1, flags=re.M)[0]
    assert set(re.findall(r"^\| `(\w+)` \|", text, re.M)) == keys


def test_limits_have_todays_defaults() -> None:
    """The table of limits tells their defaults."""
    defaults = dict(re.findall(r"^\| `(\w+)` \| [^|]* \| `([\d.]+)`", PAGES["reference"], re.M))
    for field in fields(Limits):
        assert float(defaults[field.name]) == field.default


def test_the_shown_settings_are_valid(tmp_path: Path) -> None:
    """The page's course.toml is read without an error, and shows every kind of table."""
    (block,) = [block for block in EVERY_BLOCK if block.language == "toml"]
    file = tmp_path / "course.toml"
    file.write_text(block.text)
    assert read_settings(file).exercise("rescaling").limits["cpu"] == 6
    assert tomllib.loads(block.text).keys() == set(COURSE_KEYS)


@pytest.mark.parametrize(
    "module", [declarations, equivalents, files, precision, references, submissions, trivial, example_submissions]
)
def test_every_message_of_the_check_is_described(module: Any) -> None:
    """Each sentence that `grader build --check` may print has a row in the page's table."""
    page = " ".join(PAGES["reference"].partition("## Checking a course")[2].split())
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Yield | ast.Return) and isinstance(node.value, ast.JoinedStr):
            pieces = [str(part.value) for part in node.value.values if isinstance(part, ast.Constant)]
            longest = max(pieces, key=len).strip(": ")
            assert longest in page, f"{longest!r} isn't explained in Checking a course"
