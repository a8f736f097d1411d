"""The modules of the program and of its tests, their imports, and which test covers which module."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_DATA = (
    *("grader/bundled/", "tests/attacks/cases/", "tests/grading/kinds/new_kind/"),
    *("tests/compatibility/course/", "tests/compatibility/submissions/", "tests/reference/learner_answers/"),
)
"""Folders whose Python files are data: courses, submissions, learners' answers, hostile code."""


@dataclass(frozen=True)
class Import:
    """One import: of a module, or of a name in it."""

    module: str
    name: str | None
    line: int
    lazy: bool


def module_name(path: Path) -> str:
    """Return the dotted name of a file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _find_modules(folder: str) -> dict[str, Path]:
    found = sorted((ROOT / folder).rglob("*.py"))
    return {module_name(path): path for path in found if not path.relative_to(ROOT).as_posix().startswith(_DATA)}


MODULES = _find_modules("grader")
TESTS = _find_modules("tests")
_ALL = MODULES | TESTS


@cache
def tree(module: str) -> ast.Module:
    """Return the parsed source of a module."""
    return ast.parse(_ALL[module].read_text(encoding="utf-8"))


def imports(module: str) -> Iterator[Import]:
    """Yield all imports of a module, including those in functions."""
    nodes: list[tuple[ast.AST, bool]] = [(tree(module), False)]
    while nodes:
        node, lazy = nodes.pop()
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, None, node.lineno, lazy) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = _absolute(module, node)
            yield from (Import(source, alias.name, node.lineno, lazy) for alias in node.names)
        within = lazy or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        nodes.extend((child, within) for child in ast.iter_child_nodes(node))


def _absolute(module: str, node: ast.ImportFrom) -> str:
    """Return the module that is imported from, with a relative one resolved."""
    if not node.level:
        return node.module or ""
    package = module if _ALL[module].name == "__init__.py" else module.rpartition(".")[0]
    base = package.rsplit(".", node.level - 1)[0] if node.level > 1 else package
    return f"{base}.{node.module}" if node.module else base


def own(found: Iterable[Import]) -> Iterator[str]:
    """Yield the project's own modules among imports; `from grader.core import wire` is one of `grader.core.wire`."""
    for one in found:
        named = f"{one.module}.{one.name}"
        if named in _ALL:
            yield named
        elif one.module in _ALL:
            yield one.module


def reachable(start: Iterable[str], *, lazily: bool) -> set[str]:
    """Return all modules of the program that importing these imports, including their packages."""
    seen: set[str] = set()
    waiting = list(start)
    while waiting:
        module = waiting.pop()
        if module in seen or module not in MODULES:
            continue
        seen.add(module)
        waiting.extend(own(i for i in imports(module) if lazily or not i.lazy))
        waiting.extend([module.rpartition(".")[0]] if "." in module else [])
    return seen


def covered_paths(test: str) -> list[str]:
    """Return the paths that a test file covers: its mirror's, and those that its docstring names after "Covers".

    Paths are relative to `grader/`; one that ends in `/` is a folder, with all that is in it.
    """
    path = _ALL[test].relative_to(ROOT / "tests")
    named = re.search(r"^Covers (.*?)\.$", ast.get_docstring(tree(test)) or "", re.M | re.S)
    mirrored = path.parent / path.name.removeprefix("test_")
    return [mirrored.as_posix(), *re.findall(r"`([^`]+)`", named[1] if named else "")]


def is_covered(path: str, covered: str) -> bool:
    """Return whether a module's path, relative to `grader/`, is a covered path or in a covered folder."""
    return path.startswith(covered) if covered.endswith("/") else path == covered
