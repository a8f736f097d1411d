"""docs/architecture.md: the paths that it names exist, and a module of each extension point has the names it says."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import grader
from grader.services.documents import load_documents

PACKAGE = Path(grader.__file__).parent
ROOT = PACKAGE.parent
MARKDOWN = load_documents()["architecture"].markdown


def find_paths(text: str) -> Iterator[str]:
    """Yield the paths in a text: quoted, with a slash or the ending of a file."""
    for quoted in re.findall(r"`([\w./-]+)`", text):
        if "/" in quoted or quoted.endswith((".py", ".md", ".po")):
            yield quoted


def find_files(path: str) -> list[Path]:
    """Return the files or folders of a path, from the package or the repository; capitals stand for any name."""
    pattern = (
        re.sub(r"(?<![a-z])[A-Z_]{2,}(?=[/.]|$)|QUESTION__WHAT", "*", path.rstrip("/"))
        if "README" not in path
        else path
    )
    return [found for base in (PACKAGE, ROOT) for found in base.glob(pattern)]


@pytest.mark.parametrize("path", sorted({*find_paths(MARKDOWN)} - {"checks.py"}))
def test_a_path_exists(path: str) -> None:
    """A path of the document leads to a file or folder; one with a placeholder, to at least one."""
    assert find_files(path), f"docs/architecture.md names {path}, which doesn't exist"


def read_table(header: str) -> list[list[str]]:
    """Return the rows of the table with this header."""
    _, _, rest = MARKDOWN.partition(f"\n| {header} |\n")
    rows = re.match(r"\|[-|]+\|\n((?:\|.*\n)+)", rest)
    assert rows, header
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in rows[1].splitlines()]


EXTENSIONS = read_table("to add | files | the module has")


@pytest.mark.parametrize(
    ("files", "names"), [row[1:] for row in EXTENSIONS if row[2]], ids=[r[0] for r in EXTENSIONS if r[2]]
)
def test_modules_of_an_extension_point_have_its_names(files: str, names: str) -> None:
    """Of the modules in that folder, at least three have the names that the table says."""
    first, *_ = find_paths(files)
    modules = [
        import_module(".".join(found.relative_to(ROOT).with_suffix("").parts))
        for found in find_files(first)
        if found.name != "__init__.py"
    ]
    wanted = re.findall(r"`(\w+)`", names)
    assert len([module for module in modules if all(hasattr(module, name) for name in wanted)]) >= 3


def test_the_extension_points_are_complete() -> None:
    """A kind of question, a download, an export, a command and a page each touch at most two files."""
    touched = {row[0]: list(find_paths(row[1])) for row in EXTENSIONS}
    for name in (
        "a kind of question",
        "the download of another system",
        "an export format",
        "a command",
        "a page of the portal",
    ):
        assert 1 <= len(touched[name]) <= 2


def test_every_layer_is_described() -> None:
    """The table of folders has each layer of the program that is a folder."""
    (line,) = re.findall(r"^- of the program: (.*(?:\n  .*)*)", MARKDOWN, re.M)
    layers = {name for name in re.findall(r"`(\w+)`", line) if (PACKAGE / name).is_dir()}
    described = {name for row in read_table("folder | contents") for name in re.findall(r"`(\w+)`", row[0])}
    assert described == layers
