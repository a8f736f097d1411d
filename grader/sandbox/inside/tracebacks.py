"""The line of the student's own text that raised, as data. Nothing that an exception states about itself is trusted."""

import linecache
import re
from types import CodeType, FrameType, TracebackType
from typing import Any, Final

from grader.core.wire.failed_operation import find_failed_operation
from grader.core.wire.type_name import get_type_name
from grader.sandbox.inside.blanks import BLANK
from grader.sandbox.inside.captured_output import strip_addresses

MAX_FRAMES: Final = 5000
MAX_MESSAGE_LENGTH: Final = 500

_FOLDER_PATTERN: Final = re.compile(r" \(/[^)]*\)")  # the folder in which a package is installed

_NOT_CALLABLE: Final = re.compile(r"'([\w.]{1,100})' object is not callable$")
_NO_ATTRIBUTE: Final = re.compile(r"'([\w.]{1,100})' object has no attribute '(\w{1,100})'")

FrameLocation = tuple[str, int, str]
"""File, line, function."""


def make_cell_filename(label: str) -> str:
    """Return the file name under which a cell is compiled."""
    return f"<{label}>"


def register_source(label: str, source: str) -> None:
    """Let tracebacks and `inspect` find a cell's lines, which are in no file."""
    lines = source.splitlines(keepends=True)
    linecache.cache[make_cell_filename(label)] = (
        len(source),
        None,
        lines,
        make_cell_filename(label),
    )  # without mtime, the entry is never discarded


def is_student_code(file: str) -> bool:
    """Return whether the file name is a cell's."""
    return file.startswith("<") and file in linecache.cache


def read_source(code: CodeType) -> str:
    """Return the text of the cell or file that has this code; an empty text if it isn't known."""
    return "".join(linecache.getlines(code.co_filename))


def describe_exception(error: BaseException) -> dict[str, Any]:
    """Return an exception as a value: type, message, and the innermost line of a cell that it passed through."""
    try:
        return {
            **_build_description(get_type_name(error), _get_message(error), _locate_exception(error)),
            "blank": is_blank(error),
            "memory": isinstance(error, MemoryError),
            "wanted": _get_requested_bytes(error),
            "operation": find_failed_operation(error, is_student_code, read_source),
            **_find_replaced_name(error),
        }
    except BaseException:  # the exception is made to fail, or there is no memory left
        return _build_description(get_type_name(error), "", None)


def describe_blank(place: FrameLocation) -> dict[str, Any]:
    """Return the exception of a blank that was used there, if the code swallowed it."""
    return {**_build_description("NameError", f"name '{BLANK}' is not defined", place), "blank": True}


def is_blank(error: BaseException) -> bool:
    """Return whether the exception was raised by a `____`."""
    return isinstance(error, NameError | AttributeError) and getattr(error, "name", None) == BLANK


def locate_in_module(error: BaseException, name: str) -> tuple[int, int] | None:
    """Return line and column at which an exception passed through the top level of a file."""
    traceback = _get_traceback(error)
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename == name and code.co_name == "<module>":
            line, _, column, _ = list(code.co_positions())[traceback.tb_lasti // 2]
            return line or traceback.tb_lineno, column or 0
        traceback = traceback.tb_next
    return None


def _build_description(kind: str, message: str, place: FrameLocation | None) -> dict[str, Any]:
    name, line, function = place or ("", None, "")
    return {
        "type": kind,
        "message": message,
        "cell": name[1:-1],
        "line": line,
        "text": linecache.getline(name, line).strip("\n")[:300] if line else "",
        "function": "" if function == "<module>" else function[:100],
        "blank": False,
        "memory": False,
        "wanted": None,
    }


def _get_message(error: BaseException) -> str:
    try:
        text = error.msg if isinstance(error, SyntaxError) and error.filename else str(error)
        text = strip_addresses(str.__getitem__(text, slice(MAX_MESSAGE_LENGTH)))
        return _FOLDER_PATTERN.sub("", text) if isinstance(error, ImportError) else text
    except BaseException:
        return ""


def _find_replaced_name(error: BaseException) -> dict[str, str]:
    """Return the global name that is used like a function or module and is something else, with its type."""
    if not isinstance(error, TypeError | AttributeError):
        return {}
    used = _NOT_CALLABLE if isinstance(error, TypeError) else _NO_ATTRIBUTE
    found = used.match(_get_message(error))
    frame = _find_innermost_frame(error)
    if found is None or frame is None or not is_student_code(frame.f_code.co_filename):
        return {}
    text = linecache.getline(frame.f_code.co_filename, frame.f_lineno)[:MAX_MESSAGE_LENGTH]
    after = r"\(" if isinstance(error, TypeError) else rf"\.{found[2]}\b"
    for name in re.findall(rf"(?<![\w.])(\w+)\s*{after}", text):
        if name in frame.f_globals and name not in frame.f_code.co_varnames:
            kind = get_type_name(frame.f_globals[name])
            if kind == found[1].rpartition(".")[2]:
                return {"name": name, "name_type": kind}
    return {}


def _find_innermost_frame(error: BaseException) -> FrameType | None:
    traceback, frame = _get_traceback(error), None
    for _ in range(MAX_FRAMES):
        if traceback is None:
            return frame
        frame, traceback = traceback.tb_frame, traceback.tb_next
    return None


def _get_requested_bytes(error: BaseException) -> int | None:
    """Return the number of bytes that numpy couldn't allocate; only numpy reports it."""
    size = getattr(error, "_total_size", None) if isinstance(error, MemoryError) else None
    return size if type(size) is int and 0 < size < 2**62 else None


def _locate_exception(error: BaseException) -> FrameLocation | None:
    if isinstance(error, SyntaxError):
        file, line = error.filename, error.lineno
        if type(file) is str and type(line) is int and is_student_code(file):
            return file, line, ""
    return _locate_in_cells(_get_traceback(error))


def _get_traceback(error: BaseException) -> TracebackType | None:
    found: TracebackType | None = BaseException.__dict__["__traceback__"].__get__(error)
    return found


def _locate_in_cells(traceback: TracebackType | None) -> FrameLocation | None:
    place = None
    for _ in range(MAX_FRAMES):
        if traceback is None:
            break
        code = traceback.tb_frame.f_code
        if is_student_code(code.co_filename):
            place = code.co_filename, traceback.tb_lineno, code.co_name
        traceback = traceback.tb_next
    return place
