"""One submission's file to a Program. Whatever a parser does with it is that submission's failure, never ours."""

import errno
import os
import stat
from pathlib import Path
from typing import Final

from grader.core.errors import UnreadableSubmission
from grader.core.text.messages import Phrase, Said, as_phrase, say
from grader.core.wire.submission import Program
from grader.formats.decode_text import MAX_SOURCE, Malformed, printable
from grader.formats.notebook import read_notebook
from grader.formats.script import read_script

MAX_FILE: Final = 25_000_000
"""Bytes of a file, outputs and pictures included."""
SUFFIXES: Final = (".ipynb", ".py")

# O_NONBLOCK: opening a FIFO must not wait for its other end. The others don't exist everywhere.
_OPEN: Final = os.O_RDONLY | sum(
    getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY")
)


def read(name: str, data: bytes) -> Program:
    """The Program in a notebook's or script's bytes; the name's ending (`.ipynb`, `.py`) says which.

    Raises UnreadableSubmission for anything that isn't one, with one line: what is wrong, where, what to do.
    """
    try:
        return _checked(_parsed(name, data))
    except Malformed as error:
        what = error.says
    except RecursionError:
        what = say("is nested too deeply for a notebook: open it in Jupyter, save it and hand it in again")
    except MemoryError:
        what = say("takes too much memory to read: clear its outputs, save it and hand it in again")
    except Exception as error:  # a parser's bug, met by what somebody handed in
        what = say(
            "can't be read ({kind}): open it in Jupyter, save it and hand it in again", kind=type(error).__name__
        )
    raise _unreadable(printable(name), what)


def load(path: Path) -> bytes:
    """A submission's bytes, at most MAX_FILE, from a regular file that is no link. Raises UnreadableSubmission."""
    name = printable(str(path))
    try:
        descriptor = os.open(path, _OPEN)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise _unreadable(name, _why_not_opened(error)) from None
    try:
        data = _contents(descriptor)
    except Malformed as error:
        raise _unreadable(name, error.says) from None
    except OSError as error:
        raise _unreadable(name, _why_not_opened(error)) from None
    finally:
        os.close(descriptor)
    return data


def _contents(descriptor: int) -> bytes:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise Malformed(say("is not a regular file: hand in the notebook or script itself"))
    if status.st_size > MAX_FILE:
        raise Malformed(_too_large(status.st_size))
    with open(descriptor, "rb", closefd=False) as file:
        data = file.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:  # it has grown meanwhile
        raise Malformed(_too_large(len(data)))
    return data


def _parsed(name: str, data: bytes) -> Program:
    if len(data) > MAX_FILE:
        raise Malformed(_too_large(len(data)))
    suffix = os.path.splitext(name)[1].lower()
    if suffix == ".ipynb":
        return read_notebook(data)
    if suffix == ".py":
        return read_script(data)
    raise Malformed(say("is neither a notebook (.ipynb) nor a script (.py): hand in one of those"))


def _checked(program: Program) -> Program:
    """The program itself, if its texts can be kept, sent and compiled."""
    sizes: dict[str, int] = {}
    for cell in program.cells:
        if "\0" in cell.source:
            raise Malformed(say("holds a NUL character in {cell}: delete it, save and hand in again", cell=cell.label))
        try:
            sizes[cell.label] = len(cell.source.encode())
        except UnicodeEncodeError as error:
            code = ord(cell.source[error.start])
            raise Malformed(
                say(
                    "holds half a character ({code}) in {cell}: delete it and hand in again",
                    code=f"U+{code:04X}",
                    cell=cell.label,
                )
            ) from None
    total = sum(sizes.values())
    if total > MAX_SOURCE:
        largest = max(sizes, key=sizes.__getitem__)
        raise Malformed(
            say(
                "holds {size} MB of text, more than the limit of {most} MB ({cell} alone {largest} MB): "
                "take pictures and data out of its cells",
                size=f"{total / 1e6:.1f}",
                most=f"{MAX_SOURCE / 1e6:.0f}",
                cell=largest,
                largest=f"{sizes[largest] / 1e6:.1f}",
            )
        )
    return program


def _too_large(size: int) -> Phrase:
    return say(
        "is {size} MB, more than the limit of {most} MB: clear its outputs, save it and hand it in again",
        size=f"{size / 1e6:.1f}",
        most=f"{MAX_FILE / 1e6:.0f}",
    )


def _unreadable(name: str, what: Said) -> UnreadableSubmission:
    return UnreadableSubmission(say("{file} {problem}", file=name, problem=as_phrase(what)))


def _why_not_opened(error: OSError | ValueError) -> Phrase:
    if isinstance(error, OSError) and error.errno == errno.ELOOP:
        return say("is a link, and links are not followed: hand in the file itself")
    told = isinstance(error, OSError) and error.strerror
    reason = Phrase(told) if told else say("no possible file name")
    return say("can't be opened ({why}): look at the path and its permissions", why=reason)
