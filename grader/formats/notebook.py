"""Jupyter notebooks: JSON of the versions 3 and 4, written by any program or crafted by an attacker.

A notebook of version 4 is read here directly, because that only takes joining lines, while validation with nbformat
would cost more than all other steps. The parts that are kept (types and texts of cells, the table `grader` of the
metadata) are checked here; the rest (outputs, attachments, every number) is dropped during parsing, and pictures that
are written out in a text are shortened to a word. Version 3 is upgraded by nbformat.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from grader.core.questions.kinds.prose_cells import shorten_pictures
from grader.core.text.messages import Message, MessageLike, as_message, gettext
from grader.core.wire.submission import Cell, ParsedSubmission
from grader.formats.decode_text import MAX_CELLS, MalformedFile, decode_utf8_text, normalize_newlines, require_few_cells
from grader.formats.exported_text import is_marked

_MAX_VALUES: Final = 1_000_000  # otherwise 25 MB of JSON may grow to gigabytes of empty lists and dicts
_MAX_NAME: Final = 200
_DROPPED_KEYS: Final = ("outputs", "attachments")
_CHECK_CELL: Final = re.compile(r"\s*from grader import check\s+check\(\"\w+\"\)\s*")
"""A template's own cell that checks a question, as long as nothing else was written into it."""


def read_notebook(data: bytes) -> ParsedSubmission:
    """Return the cells of a notebook's bytes; raw and check cells count in the labels (`cell 3`) and are left out.

    A raw cell that answers a question is kept, as text.

    The ParsedSubmission's metadata are the texts in the notebook's own table `grader`. Raises MalformedFile, and the
    JSON parser's exceptions for too deep a nesting or too little memory.
    """
    document = _document(data, _object)
    metadata = _table(document, "metadata", gettext("the notebook"))
    grader = _table(metadata, "grader", gettext("the notebook's metadata"))
    cells = _raw_cells(document)
    require_few_cells(len(cells))
    read = (_cell(number, raw) for number, raw in enumerate(cells, 1))
    return ParsedSubmission(
        cells=tuple(cell for cell in read if cell),
        exercise=_name(grader, "exercise", gettext("the notebook's metadata")),
        metadata={key: value for key, value in grader.items() if isinstance(value, str) and _is_name(value)},
    )


def iterate_whole_cells(data: bytes) -> Iterator[tuple[Cell, str, Mapping[str, Any]]]:
    """Yield the cells of a notebook of version 4: each as `read_notebook` returns it, its whole text, and its JSON.

    The text has its pictures, the JSON attachments and outputs. Raises what `read_notebook` raises.
    """
    document = _document(data, dict)
    if document.get("nbformat") != 4:
        return
    for number, raw in enumerate(_raw_cells(document), 1):
        if (cell := _cell(number, raw)) is not None:
            yield cell, _join_lines(_lines(raw, "source", cell.label)), raw


def _damaged_error(problem: Message) -> MalformedFile:
    return MalformedFile(gettext("{problem}: open it in Jupyter, save it and try again", problem=problem))


def _document(data: bytes, make_object: Callable[[list[tuple[str, Any]]], dict[str, Any]]) -> dict[str, Any]:
    text = decode_utf8_text(data)
    if not text.lstrip().startswith("{"):
        if text.lstrip().startswith("<"):
            raise MalformedFile(gettext("is a web page, not a notebook: download or save the .ipynb file itself"))
        raise MalformedFile(gettext("is not a notebook (not JSON): download or save the .ipynb file itself"))
    if sum(map(data.count, (b"{", b"[", b","))) > _MAX_VALUES:
        raise MalformedFile(
            gettext("contains more than {most} values: clear its outputs, save it and try again", most=_MAX_VALUES)
        )
    try:
        document = json.loads(text, object_pairs_hook=make_object, parse_int=float)
    except json.JSONDecodeError as error:
        raise _damaged_error(
            gettext(
                "is not a complete notebook (invalid JSON at line {line}, column {column})",
                line=error.lineno,
                column=error.colno,
            )
        ) from None
    return dict(document)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build a JSON object without dropped keys. Repeated keys are refused, for readers disagree which one counts."""
    table = dict(pairs)
    if len(table) != len(pairs):
        raise _damaged_error(gettext("is not a valid notebook (a JSON object has the same key twice)"))
    for key in _DROPPED_KEYS:
        table.pop(key, None)
    return table


def _raw_cells(document: dict[str, Any]) -> list[Any]:
    version, minor = document.get("nbformat"), document.get("nbformat_minor", 0.0)
    if not isinstance(version, float) or not isinstance(minor, float):
        raise _damaged_error(gettext("is JSON, but not a notebook (the key nbformat is missing)"))
    if version == 4:
        return _list(document, "cells", gettext("the notebook"))
    if version == 3:
        return _upgrade_version_3(document)
    raise MalformedFile(
        gettext(
            "is a notebook with the unknown nbformat {version}: save it as nbformat 4 and try again",
            version=f"{version:g}",
        )
    )


def _upgrade_version_3(document: dict[str, Any]) -> list[Any]:
    """Return the cells of a notebook of version 3 as cells of version 4."""
    import nbformat.v3
    import nbformat.v4

    cells: list[dict[str, Any]] = []
    for sheet in _list(document, "worksheets", gettext("the notebook")):
        if not isinstance(sheet, dict):
            raise _damaged_error(gettext("has an invalid worksheet"))
        cells += [
            _cell_of_version_3(f"cell {len(cells) + i}", raw) for i, raw in enumerate(_list(sheet, "cells", "it"), 1)
        ]
    if len(cells) > MAX_CELLS:
        return cells
    slim = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}
    node = nbformat.v3.to_notebook_json(slim, minor=0)  # type: ignore[no-untyped-call]  # nbformat has no types here
    upgraded = nbformat.v4.upgrade(node, from_version=3)  # type: ignore[no-untyped-call]
    return [dict(cell) for cell in upgraded.cells]


def _cell_of_version_3(label: str, raw: Any) -> dict[str, Any]:
    """Return the kept parts of a cell in the terms of version 3, so that nbformat accepts them."""
    kind = raw.get("cell_type") if isinstance(raw, dict) else None
    if kind not in ("code", "markdown", "raw", "html", "heading"):
        raise _damaged_error(gettext("has an invalid cell ({cell})", cell=label))
    cell: dict[str, Any] = {"cell_type": kind, "metadata": _table(raw, "metadata", label)}
    if kind == "code":
        return cell | {"input": _lines(raw, "input", label), "language": "python", "outputs": []}
    cell["source"] = _lines(raw, "source", label)
    if kind == "heading":
        level = raw.get("level", 1.0)
        if not isinstance(level, float) or not 1 <= level <= 6:
            raise _damaged_error(gettext("has a heading with an invalid level in {cell}", cell=label))
        cell["level"] = int(level)
    return cell


def _cell(number: int, raw: Any) -> Cell | None:
    label = f"cell {number}"
    kind = raw.get("cell_type") if isinstance(raw, dict) else None
    if kind not in ("code", "markdown", "raw"):
        raise _damaged_error(gettext("has an invalid cell ({cell})", cell=label))
    grader = _table(_table(raw, "metadata", label), "grader", label)
    source = normalize_newlines(_join_lines(_lines(raw, "source", label)))
    if kind != "code":
        source = shorten_pictures(source)
    if "check" in grader and _CHECK_CELL.fullmatch(source):
        return None
    question = _name(grader, "question", label)
    if kind == "raw" and not question and not is_marked(source):
        return None
    return Cell(source, "code" if kind == "code" else "markdown", label, question)


def _join_lines(lines: str | list[str]) -> str:
    return lines if isinstance(lines, str) else "".join(lines)


def _lines(raw: dict[str, Any], key: str, label: str) -> str | list[str]:
    value = raw.get(key)
    if isinstance(value, str) or (isinstance(value, list) and all(isinstance(line, str) for line in value)):
        return value
    raise _damaged_error(gettext("has no text in {cell} ({key} is not text)", cell=label, key=repr(key)))


def _list(table: dict[str, Any], key: str, where: MessageLike) -> list[Any]:
    value = table.get(key)
    if not isinstance(value, list):
        raise _damaged_error(
            gettext("is not a valid notebook ({where} has no list {key})", where=as_message(where), key=key)
        )
    return value


def _table(table: dict[str, Any], key: str, where: MessageLike) -> dict[str, Any]:
    """Return the object under that key; a missing one is empty, since metadata may be stripped."""
    value = table.get(key, {})
    if not isinstance(value, dict):
        raise _damaged_error(
            gettext(
                "is not a valid notebook (in {where}, {key} is not an object)", where=as_message(where), key=repr(key)
            )
        )
    return value


def _is_name(text: str) -> bool:
    return 0 < len(text) <= _MAX_NAME and text.isprintable()


def _name(table: dict[str, Any], key: str, where: MessageLike) -> str | None:
    value = table.get(key)
    if value is None or (isinstance(value, str) and _is_name(value)):
        return value
    raise _damaged_error(
        gettext("is not a valid notebook (in {where}, {key} is not a name)", where=as_message(where), key=repr(key))
    )
