"""Runs one cell: compiled here and nowhere else, with what only a notebook server understands taken out."""

import ast
import re
from typing import Any

from grader.sandbox.inside import blame

_MAGIC = re.compile(r"^(\s*)(?:[\w.,\s]+=\s*)?([%!]{1,2})(\w*)(.*)$")
_TIMED = ("time", "timeit")


def surroundings(remarks: list[str]) -> dict[str, Any]:
    """Names that a notebook has without importing them."""

    def ask(prompt: object = "", /) -> str:
        remarks.append("`input()` has no one to ask here; it gave an empty text.")
        return ""

    def display(*values: object, **_: object) -> None:
        print(*values)

    return {"input": ask, "display": display}


def run(
    label: str, source: str, namespace: dict[str, Any], remarks: list[str], one_by_one: bool
) -> BaseException | None:
    """Runs a cell in a namespace and returns what it raised.

    `one_by_one`: its top-level statements run one after the other, so that a failing one doesn't stop the next; the
    first exception is the one that is returned.
    """
    first: BaseException | None = None
    try:
        tree = _parsed(label, source, remarks)
    except BaseException as error:
        return error
    statements: list[list[ast.stmt]] = [[s] for s in tree.body] if one_by_one else [tree.body]
    for body in statements:
        try:
            module = ast.Module(body, type_ignores=[])
            exec(compile(module, blame.file_name(label), "exec", dont_inherit=True), namespace)
        except BaseException as error:
            first = first or error
    return first


def _parsed(label: str, source: str, remarks: list[str]) -> ast.Module:
    name = blame.file_name(label)
    try:
        return ast.parse(source, name)
    except SyntaxError:
        plain, found = without_magics(source)
        if not found:
            raise
        tree = ast.parse(plain, name)
        remarks.extend(f"`{magic}` was not run: it belongs to the notebook server." for magic in found)
        return tree


def without_magics(source: str) -> tuple[str, list[str]]:
    """A cell with IPython's magics and shell lines replaced by `pass`, line for line, and those that were found.

    `%time statement` runs the statement; a cell magic (`%%bash`) takes the whole cell with it, unless it only times it.
    """
    lines = source.split("\n")
    found: list[str] = []
    for i, line in enumerate(lines):
        match = _MAGIC.match(line)
        if not match:
            continue
        indent, sign, name, rest = match.groups()
        found.append(line.strip()[:60])
        if sign == "%%" and name not in (*_TIMED, "capture"):
            return "\n" * (len(lines) - 1), found
        lines[i] = indent + (rest.strip() if sign == "%" and name == "time" and rest.strip() else "pass")
    return "\n".join(lines), found
