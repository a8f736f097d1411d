"""Sentences about names that are missing and exceptions that a student's code raised, with line and cell."""

from grader.core.text.messages import Message, MessageLike, gettext, join_messages
from grader.core.wire.job import ExceptionInfo, MissingName, NameOrigin
from grader.core.wire.near_names import NearName


def describe_missing(missing: MissingName, hidden: bool) -> MessageLike:
    if missing.blank:
        return gettext("`{name}` is still a blank (`____`).", name=missing.name)
    if missing.unfilled:
        return _describe_unfilled(missing)
    if missing.near:
        return describe_near_name(missing.near[0], missing.name)
    if missing.origin is None and "." in missing.name:
        return gettext(
            "`{name}` was not found: there is no method or attribute of that name when a check needs it.",
            name=missing.name,
        )
    if missing.origin is None:
        return gettext("`{name}` was not found: it does not exist after your cells have run.", name=missing.name)
    if not missing.origin.type:
        cell = describe_cell_label(missing.origin.cell)
        return gettext(
            "`{name}` was not found: {cell} is text (markdown or raw). Change its type to code.",
            name=missing.name,
            cell=cell,
        )
    kind = "" if hidden else missing.origin.type
    if not kind:
        return gettext("`{name}` is not a function after your cells have run.", name=missing.name)
    said = gettext(
        "`{name}` is not a function after your cells have run: its type is {type}.", name=missing.name, type=kind
    )
    return join_messages((said, *_describe_last_cell(missing.origin)))


def _describe_unfilled(missing: MissingName) -> Message:
    """Say that code was not filled in: what was given out is still there."""
    if missing.unfilled == "None":
        return gettext("`{name}` is not filled in yet: it is still None.", name=missing.name)
    if missing.unfilled == "docstring":
        return gettext("`{name}` is not filled in yet: it has only a description.", name=missing.name)
    return gettext("`{name}` is not filled in yet: it still has `{code}`.", name=missing.name, code=missing.unfilled)


def describe_near_name(near: NearName, wanted: str) -> Message:
    """Say that a name is missing, but another one, or one in another place, is there."""
    words = {"name": wanted, "near": near.name, "owner": near.owner, "place": _describe_place(near)}
    if near.kind == "method" and "." not in wanted:
        return gettext(
            "`{near}` is a method of the class `{owner}`{place}; the question asks for a function `{name}` outside of "
            "classes.",
            **words,
        )
    if near.kind == "nested":
        return gettext(
            "`{near}` is defined inside the function `{owner}`{place}; the question asks for a function `{name}` "
            "outside of it.",
            **words,
        )
    if near.kind == "class":
        return gettext("The class `{near}` is there{place}; the question asks for a function `{name}`.", **words)
    return gettext("`{near}` is there{place}; the question asks for `{name}`.", **words)


def _describe_place(near: NearName) -> MessageLike:
    """Return the cell and line of a name in brackets; an empty text if they aren't known."""
    if not is_numbered(near.cell):
        return gettext(" (line {line})", line=near.line) if near.line else ""
    cell = describe_cell_label(near.cell)
    return (
        gettext(" ({cell}, line {line})", cell=cell, line=near.line) if near.line else gettext(" ({cell})", cell=cell)
    )


def describe_exception(raised: ExceptionInfo) -> MessageLike:
    text = raised.text.strip()
    if raised.blank:
        where = _describe_empty_blank(raised)
        return gettext("{where}: `{text}`", where=where, text=text) if text else where
    said = _describe_raise(raised, text, Message(f"{raised.type}: {raised.message}" if raised.message else raised.type))
    if raised.origin is None:
        return said
    return join_messages((gettext("{sentence}.", sentence=said), *_describe_origin(raised.origin)))


def _describe_empty_blank(raised: ExceptionInfo) -> Message:
    if not raised.line:
        return gettext("A blank (`____`) is still empty")
    if is_numbered(raised.cell):
        cell = describe_cell_label(raised.cell)
        return gettext("A blank (`____`) is still empty in line {line} of {cell}", line=raised.line, cell=cell)
    return gettext("A blank (`____`) is still empty in line {line}", line=raised.line)


def _describe_raise(raised: ExceptionInfo, text: str, kind: Message) -> Message:
    if raised.line and is_numbered(raised.cell):
        cell = describe_cell_label(raised.cell)
        if not text:
            return gettext("Line {line} of {cell} raised {error}", line=raised.line, cell=cell, error=kind)
        return gettext(
            "Line {line} of {cell} (`{text}`) raised {error}", line=raised.line, cell=cell, text=text, error=kind
        )
    if raised.line and text:
        return gettext("Line {line} of your code (`{text}`) raised {error}", line=raised.line, text=text, error=kind)
    if raised.line:
        return gettext("Line {line} of your code raised {error}", line=raised.line, error=kind)
    return (
        gettext("Your code (`{text}`) raised {error}", text=text, error=kind)
        if text
        else gettext("Your code raised {error}", error=kind)
    )


def _describe_origin(origin: NameOrigin) -> list[Message]:
    """Return sentences about the global name at fault; none if its cell has no number."""
    if not is_numbered(origin.cell):
        return []
    if not origin.type:
        cell = describe_cell_label(origin.cell)
        return [
            gettext("`{name}` is missing because {cell} failed before it was defined.", name=origin.name, cell=cell)
        ]
    said = gettext("The type of `{name}` is {type} here.", name=origin.name, type=origin.type)
    return [said, *_describe_last_cell(origin)]


def _describe_last_cell(origin: NameOrigin) -> list[Message]:
    if not is_numbered(origin.cell):
        return []
    return [gettext("The last cell that assigns it is {cell}.", cell=describe_cell_label(origin.cell))]


def is_numbered(label: str) -> bool:
    """Tell whether a label is that of a cell: `cell 3`."""
    return label.startswith("cell ") and label[5:].isdecimal()


def describe_cell_label(label: str) -> Message:
    """Return the name of a cell: `cell 3`, `script`."""
    if is_numbered(label):
        return gettext("cell {number}", number=label[5:])
    return gettext("script") if label == "script" else Message(label)
