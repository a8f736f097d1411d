"""Which line of the student's own text raised, as data."""

import linecache
from types import TracebackType
from typing import Any

MAX_FRAMES = 5000
MAX_MESSAGE = 500


def file_name(label: str) -> str:
    """The name under which a cell is compiled."""
    return f"<{label}>"


def remember(label: str, source: str) -> None:
    """Lets tracebacks and `inspect` find a cell's lines, which no file holds."""
    lines = source.splitlines(keepends=True)
    linecache.cache[file_name(label)] = (len(source), None, lines, file_name(label))  # no mtime: never thrown away


def raised(error: BaseException) -> dict[str, Any]:
    """An exception as a value: type, message, and the innermost line of a cell that it passed through."""
    kind = type(error)
    data: dict[str, Any] = {
        "type": str(kind.__name__)[:100],
        "message": _message(error),
        "cell": "",
        "line": None,
        "text": "",
        "function": "",
        "blank": isinstance(error, NameError) and getattr(error, "name", None) == "____",
        "memory": isinstance(error, MemoryError),
    }
    place = _syntax_place(error) if isinstance(error, SyntaxError) else _place(error.__traceback__)
    if place:
        name, line, function = place
        data["cell"] = name[1:-1]
        data["line"] = line
        data["function"] = "" if function == "<module>" else function[:100]
        data["text"] = linecache.getline(name, line).rstrip("\n")[:300]
    return data


def _message(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return str(error.msg)[:MAX_MESSAGE]
    try:
        return str(error)[:MAX_MESSAGE]
    except BaseException:
        return ""


def _syntax_place(error: SyntaxError) -> tuple[str, int, str] | None:
    if error.filename and error.lineno and error.filename in linecache.cache:
        return error.filename, error.lineno, ""
    return _place(error.__traceback__)


def _place(traceback: TracebackType | None) -> tuple[str, int, str] | None:
    place = None
    for _ in range(MAX_FRAMES):
        if traceback is None:
            break
        code = traceback.tb_frame.f_code
        if code.co_filename.startswith("<") and code.co_filename in linecache.cache:
            place = code.co_filename, traceback.tb_lineno, code.co_name
        traceback = traceback.tb_next
    return place
