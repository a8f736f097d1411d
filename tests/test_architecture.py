"""The layout of the program: imports run one way, the core is pure, and no file names a path of a machine."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.import_graph import MODULES, ROOT, TESTS, imports, own, reachable, tree

DRAWING = (ROOT / "grader" / "docs" / "architecture.md").read_text(encoding="utf-8")


def layers(heading: str) -> dict[str, int]:
    """Return the layer of each name in a line of docs/architecture.md, counted from 0."""
    (line,) = re.findall(rf"^- {heading}: (.*(?:\n  .*)*)", DRAWING, re.M)
    return {name: height for height, names in enumerate(line.split("←")) for name in re.findall(r"`(\w+)`", names)}


PROGRAM = layers("of the program")
ROOMS = layers("within `core`")

PURE = {
    *("__future__", "contextlib"),
    *(
        "abc",
        "ast",
        "bisect",
        "builtins",
        "collections",
        "copy",
        "dataclasses",
        "datetime",
        "difflib",
        "enum",
        "fractions",
    ),
    *("functools", "hashlib", "heapq", "html", "inspect", "itertools", "json", "keyword", "math", "numbers"),
    *("operator", "pathlib", "re", "statistics", "string", "struct", "sys", "textwrap", "types", "typing"),
    *("dis", "tracemalloc", "unicodedata", "warnings", "numpy"),
}
"""Modules that the core may import: none opens a file, starts a process or uses a network; dates are data."""

IMPORTERS = {"importlib", "pkgutil"}
"""Further modules that `kinds.registry` may import, because it finds the modules of its folder."""

IMPURE_CALLS = {"open", "print", "input", "breakpoint"}
IMPURE_ATTRIBUTES = {
    *("load", "save", "savez", "savez_compressed", "loadtxt", "savetxt", "genfromtxt", "fromfile", "tofile"),
    *("memmap", "open_memmap", "stdin", "stdout", "stderr", "now", "utcnow", "today"),
}
LOOKED_AT = {"np", "numpy", "sys", "datetime", "date", "dt"}
DRAWN = {"grader", "reference", "exercises", "tests", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"}


def part(module: str) -> str:
    """Return the part of the program that a module belongs to: the first name behind `grader`, or an empty text."""
    return module.split(".")[1] if "." in module else ""


def tracked() -> list[Path]:
    """Return the existing files of the repository, as paths from its root."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout: nothing is tracked")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [Path(name) for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def require_downward(module: str, depth: int, layer: dict[str, int]) -> None:
    """Assert that a module imports, at that depth of the dotted path, its own name or names of lower layers."""
    here = (*module.split("."), "")[depth]
    for other in own(imports(module)):
        there = (*other.split("."), "")[depth]
        if other.split(".")[:depth] == module.split(".")[:depth] and there not in ("", here):
            assert layer[there] < layer[here], f"{module} imports {other}, which is not below it"


@pytest.mark.parametrize("module", MODULES)
def test_imports_run_one_way(module: str) -> None:
    """A folder or module of the program imports lower layers only, as docs/architecture.md draws them."""
    if module == "grader":
        assert list(own(imports(module))) == ["grader.version"]
    elif module == "grader.__main__":
        assert list(own(imports(module))) == ["grader.cli"]
    else:
        assert part(module) in PROGRAM, f"{module} has no layer: draw {part(module)} in docs/architecture.md"
        require_downward(module, 1, PROGRAM)


@pytest.mark.parametrize("module", [m for m in MODULES if m.startswith("grader.core.")])
def test_imports_within_the_core_run_one_way(module: str) -> None:
    """A folder of the core imports lower ones only, as docs/architecture.md draws them."""
    assert module.split(".")[2] in ROOMS, f"{module} is in no room: draw it in docs/architecture.md"
    require_downward(module, 2, ROOMS)


def test_the_drawing_is_complete() -> None:
    """Every layer in docs/architecture.md exists, and every folder and module has one."""
    for folder, drawn in (("grader", PROGRAM), ("grader.core", ROOMS)):
        there = {m.split(".")[folder.count(".") + 1] for m in MODULES if m.startswith(f"{folder}.")}
        assert there - {"__main__"} == set(drawn)


TERMINAL_AND_HTTP = {"typer", "rich", "click", "fastapi", "starlette", "uvicorn"}


@pytest.mark.parametrize("module", [m for m in MODULES if part(m) == "services"])
def test_services_neither_print_nor_serve(module: str) -> None:
    """A service imports no library for terminals or HTTP servers, calls no `print`, and uses no standard stream."""
    for one in imports(module):
        assert one.module.split(".")[0] not in TERMINAL_AND_HTTP, f"{module}:{one.line} imports {one.module}"
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("print", "input"), f"{module}:{node.lineno} calls {node.func.id}"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "sys":
            assert node.attr not in ("stdin", "stdout", "stderr"), f"{module}:{node.lineno} uses sys.{node.attr}"


def test_there_is_no_cycle() -> None:
    """No module imports itself through others, not even within functions."""
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join((*path[path.index(module) :], module))
        if module in done:
            return
        for other in set(own(imports(module))) - {module}:
            visit(other, (*path, module))
        done.add(module)

    for module in MODULES:
        visit(module, ())


@pytest.mark.parametrize("module", [m for m in MODULES if part(m) == "core"])
def test_the_core_is_pure(module: str) -> None:
    """The core imports only computing modules, opens no file, prints nothing and reads no clock."""
    for one in imports(module):
        if one.module.startswith("grader"):
            continue
        allowed = PURE | (IMPORTERS if module == "grader.core.questions.kinds.registry" else set())
        assert one.module.split(".")[0] in allowed, f"{module}:{one.line} imports {one.module}"
        if one.module == "pathlib":
            assert (one.name or "").startswith("Pure"), f"{module}:{one.line} imports {one.name} of pathlib"
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in IMPURE_CALLS, f"{module}:{node.lineno} calls {node.func.id}"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in LOOKED_AT:
            assert node.attr not in IMPURE_ATTRIBUTES, f"{module}:{node.lineno} uses {node.value.id}.{node.attr}"


def test_the_sandbox_contains_no_judge() -> None:
    """The sandbox contains its own modules and, from the core, only the folder `wire`."""
    inside = [module for module in MODULES if module.startswith("grader.sandbox.inside")]
    assert len(inside) > 5
    packages = {"grader", "grader.version", "grader.core", "grader.sandbox"}
    beyond = reachable(inside, lazily=True) - set(inside) - packages
    assert [module for module in beyond if not module.startswith("grader.core.wire")] == []
    for module in inside:
        for one in imports(module):
            top = one.module.split(".")[0]
            numeric = top == "numpy" or (one.lazy and top == "matplotlib")
            assert numeric or top == "grader" or top in sys.stdlib_module_names, f"{module} imports {one.module}"


@pytest.mark.parametrize("test", [test for test in TESTS if test.startswith("tests.core.")])
def test_core_tests_need_no_sandbox(test: str) -> None:
    """A test of the core imports of the sandbox only `inside`; a `FakeRunner` replaces the rest."""
    for module in own(imports(test)):
        assert not module.startswith("grader.sandbox") or module.startswith("grader.sandbox.inside"), module


def test_help_is_quick() -> None:
    """`grader --help` imports no other library than typer."""
    commands = [module for module in MODULES if module.startswith("grader.cli.commands.")]
    assert len(commands) > 5
    start = ["grader", "grader.__main__", "grader.cli.app", "grader.core.errors", *commands]
    for module in reachable(start, lazily=False):
        for one in imports(module):
            top = one.module.split(".")[0]
            if not one.lazy and top != "grader" and top not in sys.stdlib_module_names:
                assert top == "typer", f"{module}:{one.line} imports {one.module}"


WATCHED = """
import atexit, sys
heavy = ("numpy", "sqlalchemy", "alembic", "nbformat", "nbconvert", "jupytext", "jinja2", "matplotlib")
atexit.register(lambda: print("loaded:", *[name for name in heavy if name in sys.modules]))
from grader.cli import main
main()
"""


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["grade", "--help"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    """A real `grader --help` ends without numpy, sqlalchemy or another large library in memory."""
    command = [sys.executable, "-c", WATCHED, *arguments]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert ran.stdout.splitlines()[-1] == "loaded:"
    assert "grader" in ran.stdout


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_a_docstring(module: str) -> None:
    """Each module of the program begins with a docstring."""
    assert ast.get_docstring(tree(module))


def test_every_test_has_a_docstring() -> None:
    """Each test has a docstring that is a sentence."""
    silent = [
        f"{path.name}: {node.name}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
        if not (ast.get_docstring(node) or "").rstrip().endswith((".", "`", "?", ":"))
    ]
    assert silent == []


def test_the_top_level_is_as_drawn() -> None:
    """The top level has only the folders and files in the README, dotfiles, and perhaps a lock file."""
    names = {path.parts[0] for path in tracked()}
    assert {name for name in names if not name.startswith(".") and not name.endswith(".lock")} == DRAWN


MACHINE = re.compile(
    r"(?<![\w.-])/wor[k]/|index[-_]url|artifact[o]ry|\bdev[p]i\b|pypi\.org/simp[l]e|registry\.npm[j]s|proxy\.golang"
)
"""Paths of a work machine, and addresses of package registries."""
HOMES = re.compile(r"(?<![\w.-])/(?:root|home|Users)/\w")


def test_no_file_names_a_machine() -> None:
    """No file names a path of the machine on which it was made, or a package registry; tests may attack homes."""
    for path in tracked():
        text = (ROOT / path).read_bytes().decode("utf-8", "replace")
        assert not MACHINE.search(text), f"{path} names {MACHINE.search(text)}"
        if path.parts[0] != "tests":
            assert not HOMES.search(text), f"{path} names {HOMES.search(text)}"
