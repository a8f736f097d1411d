"""Reads and parses one submission's file. Every failure of a parser counts as the submission's failure, not as ours."""

import errno
import os
import stat
from pathlib import Path
from typing import Final

from grader.core.errors import UnreadableSubmission
from grader.core.text.messages import Message, MessageLike, as_message, gettext
from grader.core.text.numbers import localize_number
from grader.core.wire.submission import ParsedSubmission
from grader.formats.decode_text import MAX_SOURCE_BYTES, MalformedFile, escape_unprintable
from grader.formats.notebook import read_notebook
from grader.formats.script import read_script

MAX_FILE_BYTES: Final = 25_000_000
"""Maximum size of a file, including outputs and pictures."""
SUBMISSION_SUFFIXES: Final = (".ipynb", ".py")

# O_NONBLOCK: opening a FIFO must not wait for its other end. The others don't exist everywhere.
_OPEN_FLAGS: Final = os.O_RDONLY | sum(
    getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY")
)


def parse_submission(name: str, data: bytes) -> ParsedSubmission:
    """Parse the bytes of a notebook or script; the suffix of the name (`.ipynb`, `.py`) gives the format.

    Raises UnreadableSubmission for anything else, with one line: the problem, its place and its remedy.
    """
    try:
        return _validate(_parse(name, data))
    except MalformedFile as error:
        problem = error.message
    except RecursionError:
        problem = gettext("is nested too deeply for a notebook: open it in Jupyter, save it and try again")
    except MemoryError:
        problem = gettext("takes too much memory to read: clear its outputs, save it and try again")
    except Exception as error:  # a bug in a parser that this submission triggers
        problem = gettext(
            "can't be read ({kind}): open it in Jupyter, save it and try again", kind=type(error).__name__
        )
    raise _unreadable_error(escape_unprintable(name), problem)


def read_submission_bytes(path: Path) -> bytes:
    """Return at most MAX_FILE_BYTES of a regular file that is not a link. Raises UnreadableSubmission."""
    name = escape_unprintable(str(path))
    try:
        descriptor = os.open(path, _OPEN_FLAGS)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise _unreadable_error(name, _describe_open_error(error)) from None
    try:
        data = _contents(descriptor)
    except MalformedFile as error:
        raise _unreadable_error(name, error.message) from None
    except OSError as error:
        raise _unreadable_error(name, _describe_open_error(error)) from None
    finally:
        os.close(descriptor)
    return data


def _contents(descriptor: int) -> bytes:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise MalformedFile(gettext("is not a regular file: choose the notebook or script itself"))
    if status.st_size > MAX_FILE_BYTES:
        raise MalformedFile(_too_large(status.st_size))
    with open(descriptor, "rb", closefd=False) as file:
        data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:  # the file has grown since fstat
        raise MalformedFile(_too_large(len(data)))
    return data


def _parse(name: str, data: bytes) -> ParsedSubmission:
    if len(data) > MAX_FILE_BYTES:
        raise MalformedFile(_too_large(len(data)))
    suffix = os.path.splitext(name)[1].lower()
    if suffix == ".ipynb":
        return read_notebook(data)
    if suffix == ".py":
        return read_script(data)
    raise MalformedFile(gettext("is not a notebook (.ipynb) or a script (.py): choose one of these"))


def _validate(program: ParsedSubmission) -> ParsedSubmission:
    """Return the program unchanged, if its texts can be stored, sent and compiled."""
    sizes: dict[str, int] = {}
    for cell in program.cells:
        if "\0" in cell.source:
            raise MalformedFile(
                gettext("contains a NUL character in {cell}: delete it, save and try again", cell=cell.label)
            )
        try:
            sizes[cell.label] = len(cell.source.encode())
        except UnicodeEncodeError as error:
            code = ord(cell.source[error.start])
            raise MalformedFile(
                gettext(
                    "contains half a character ({code}) in {cell}: delete it, save and try again",
                    code=f"U+{code:04X}",
                    cell=cell.label,
                )
            ) from None
    total = sum(sizes.values())
    if total > MAX_SOURCE_BYTES:
        largest = max(sizes, key=sizes.__getitem__)
        raise MalformedFile(
            gettext(
                "contains {size} MB of text, more than the limit of {most} MB ({cell} alone {largest} MB): "
                "remove pictures and data from its cells",
                size=localize_number(f"{total / 1e6:.1f}"),
                most=f"{MAX_SOURCE_BYTES / 1e6:.0f}",
                cell=largest,
                largest=localize_number(f"{sizes[largest] / 1e6:.1f}"),
            )
        )
    return program


def _too_large(size: int) -> Message:
    return gettext(
        "is {size} MB, more than the limit of {most} MB: clear its outputs, save it and try again",
        size=localize_number(f"{size / 1e6:.1f}"),
        most=f"{MAX_FILE_BYTES / 1e6:.0f}",
    )


def _unreadable_error(name: str, problem: MessageLike) -> UnreadableSubmission:
    return UnreadableSubmission(gettext("{file} {problem}", file=name, problem=as_message(problem)))


def _describe_open_error(error: OSError | ValueError) -> Message:
    if isinstance(error, OSError) and error.errno == errno.ELOOP:
        return gettext("is a link, which is not followed: choose the file itself")
    description = isinstance(error, OSError) and error.strerror
    reason = Message(description) if description else gettext("invalid file name")
    return gettext("can't be opened ({why}): check the path and its permissions", why=reason)
