"""Removes the syntax that only a notebook server understands: magics, shell lines and help."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

_MAGIC: Final = re.compile(r"(?P<indent>\s*)(?P<target>[\w.,\s]+=\s*)?(?:%{1,2}|!{1,2})(?P<name>\w*)(?P<rest>.*)")
_HELP: Final = re.compile(r"(?P<indent>\s*)(?:\?{1,2}\s*[\w.]+|[\w.]+\s*\?{1,2})\s*")
IS_RELOADING: Final = re.compile(r"%(?:load_ext\s+|reload_ext\s+)?autoreload\b")
"""A magic that reloads changed modules; nothing is missing without it."""
CODE_MAGICS: Final = ("time", "timeit", "capture", "prun", "memit")
_OPTIONS: Final = {
    "time": re.compile(r"--no-raise-error\b\s*"),
    "timeit": re.compile(r"-(?:[tcqo]+\b|[nrpv]\s*\w+)\s*"),
    "prun": re.compile(r"-(?:[rq]+\b|[lsTD]\s*\S+)\s*"),
    "memit": re.compile(r"-(?:[co]+\b|[rti]\s*\S+)\s*"),
    "capture": re.compile(r"--no-\w+\s*"),
}
"""Options of a magic, which stand before its statement."""
_WRITE_MAGIC: Final = re.compile(r"%%(?:writefile|file)\s+(-a\s+)?([\"']?)(\S+\.py)\2\s*$")
_MAX_LINE_LENGTH: Final = 2000

Parsed = TypeVar("Parsed")


@dataclass(frozen=True)
class WrittenModule:
    """A cell that writes a module: the path, the text, and whether it is appended."""

    path: str
    text: str
    append: bool


class NotPython(Exception):
    """A cell isn't Python, even without its magics; `source` is the remaining text, line for line."""

    def __init__(self, source: str, error: SyntaxError) -> None:
        super().__init__()
        self.source = source
        self.error = error


def find_written_module(source: str) -> WrittenModule | None:
    """Return the module that a cell with `%%writefile NAME.py` writes."""
    first, _, text = source.lstrip().partition("\n")
    magic = _WRITE_MAGIC.match(first[:_MAX_LINE_LENGTH].rstrip())
    return WrittenModule(magic[3].removeprefix("./"), text, bool(magic[1])) if magic else None


def parse_without_magics(source: str, parse: Callable[[str], Parsed]) -> tuple[Parsed, list[str]]:
    """Parse a cell, and return the result with the magics that were removed, each replaced within its line.

    Only a line at which Python reports an error is replaced, so that a string with a `%` at the beginning of a line is
    kept. Raises NotPython if the error is something else.
    """
    lines, found = source.split("\n"), list[str]()
    _take_cell_magics(lines, found)
    while True:
        plain = "\n".join(lines)
        try:
            return parse(plain), found
        except SyntaxError as error:
            number = error.lineno or 0
            if not 1 <= number <= len(lines) or not _take_line_magic(lines, number - 1, found):
                raise NotPython(plain, error) from error


def _take_cell_magics(lines: list[str], found: list[str]) -> None:
    """Remove a cell magic: `%%time` runs the rest of the cell; any other one removes the whole cell."""
    for i, line in enumerate(lines):
        text = line.strip()
        if not text:
            continue
        if not text.startswith("%%"):
            return
        lines[i] = ""
        if not text[2:].startswith(CODE_MAGICS):
            found.append(text)
            lines[:] = [""] * len(lines)
            return
        name, _, rest = text[2:_MAX_LINE_LENGTH].partition(" ")
        if name == "timeit":
            lines[i] = _drop_options(name, rest)
        elif name == "capture" and (captured := _drop_options(name, rest).strip()).isidentifier():
            lines[i] = f"{captured} = get_ipython()"


def _take_line_magic(lines: list[str], i: int, found: list[str]) -> bool:
    """Replace a line, if it is a magic. `%time statement` becomes the statement, `x = !ls` gives an empty list.

    The lines that continue it after a backslash are part of it.
    """
    line = lines[i][:_MAX_LINE_LENGTH]
    if help_line := _HELP.fullmatch(line):
        lines[i] = help_line["indent"] + "pass"
        return True
    magic = _MAGIC.match(line)
    if magic is None:
        return False
    indent, target, rest = magic["indent"], magic["target"] or "", magic["rest"].strip()
    if magic["name"] in CODE_MAGICS and (statement := _drop_options(magic["name"], rest)):
        lines[i] = indent + target + statement
        return True
    lines[i] = indent + (target + "[]" if target else "pass")
    while line.endswith("\\") and i + 1 < len(lines):
        i += 1
        line, lines[i] = lines[i], ""
    found.append(magic[0].strip().rstrip("\\").rstrip())
    return True


def _drop_options(name: str, rest: str) -> str:
    """Return the statement of a magic, without the options before it."""
    text = rest.strip()
    while option := _OPTIONS[name].match(text):
        text = text[option.end() :]
    return text
