"""Reads and parses one submission's file. Every failure of a parser counts as the submission's failure, not as ours."""

import errno
import os
import stat
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from grader.core.errors import UnreadableSubmission
from grader.core.text.messages import Message, MessageLike, as_message, gettext
from grader.core.text.numbers import localize_number
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.formats.decode_text import MAX_SOURCE_BYTES, MalformedFile, decode_utf8_text, escape_unprintable
from grader.formats.file_set import SET_SUFFIX, unpack_files
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
    """Parse the bytes of a notebook (`.ipynb`), a script (`.py`) or a set of files (`.zip`); the name tells which.

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
    if suffix == SET_SUFFIX:
        return _read_set(unpack_files(data, MAX_FILE_BYTES))
    raise MalformedFile(gettext("is not a notebook (.ipynb) or a script (.py): choose one of these"))


def _read_set(files: Mapping[str, bytes]) -> ParsedSubmission:
    """Return the cells of the notebooks in a set, and the other files as modules.

    A file that can't be read has a sentence instead.
    """
    notebooks: list[tuple[str, ParsedSubmission]] = []
    modules: list[Cell] = []
    problems: list[MessageLike] = []
    for path, data in files.items():
        try:
            if path.endswith(".ipynb"):
                notebooks.append((path, parse_submission(path, data)))
            else:
                source = decode_utf8_text(data) if data.strip() else ""
                _validate(ParsedSubmission((module := Cell(source, "module", path),)))
                modules.append(module)
        except UnreadableSubmission as error:
            problems.append(error.message)
        except MalformedFile as error:
            problems.append(_make_sentence(path, error.message))
    cells = [
        cell if len(notebooks) == 1 else replace(cell, label=f"{path}, {cell.label}")
        for path, notebook in notebooks
        for cell in notebook.cells
    ]
    exercises = [notebook.exercise for _, notebook in notebooks if notebook.exercise]
    return ParsedSubmission(
        (*cells, *modules),
        exercises[0] if exercises else None,
        metadata=notebooks[0][1].metadata if len(notebooks) == 1 else {},
        paths=tuple(files),
        problems=tuple(problems),
    )


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
    return UnreadableSubmission(_make_sentence(name, problem))


def _make_sentence(name: str, problem: MessageLike) -> Message:
    return gettext("{file} {problem}", file=name, problem=as_message(problem))


def _describe_open_error(error: OSError | ValueError) -> Message:
    if isinstance(error, OSError) and error.errno == errno.ELOOP:
        return gettext("is a link, which is not followed: choose the file itself")
    description = isinstance(error, OSError) and error.strerror
    reason = Message(description) if description else gettext("invalid file name")
    return gettext("can't be opened ({why}): check the path and its permissions", why=reason)
