"""The sandbox's remarks on cells: it sends text, which is recognized as one of these messages, for translation."""

import re
from typing import Final

from grader.core.text.messages import Message, gettext

_SANDBOX_NOTES: Final = (
    gettext("`{name}` was not run: it is a command of the notebook server."),
    gettext("`{name}` did nothing: there are no files here."),
    gettext("`{name}` was not written: there are no files here."),
    gettext("`{name}` was not read: there are no files here."),
    gettext("`{name}` was not saved: there are no files here."),
    gettext("`{name}` is not available here: code that uses it raises an error, the rest runs."),
    gettext("`{name}`, which the course provides, could not be loaded: {error}."),
    gettext("The course's `{module}` has no `{name}`: code that uses it raises an error."),
    gettext("This is not Google Colab: nothing is mounted, loaded or saved."),
    gettext("`input()` returns an empty string here: nobody can answer."),
    gettext("Files, the network and other programs are not available here."),
    gettext("Texts of this submission's cells were left out: there were too many."),
    gettext("`{name}` was not read: there is no such file here."),
    gettext("`{name}` was not read: this path leads out of the exercise's folder."),
    gettext("`{name}` was not written: there is no such folder here."),
    gettext("`{name}` was not written: this path leads out of the exercise's folder."),
    gettext("`{name}` did nothing: there is no such folder here."),
    gettext("`{name}` was not saved: pictures are not kept here."),
)
"""Sentences that the sandbox sends about a cell; it sends text, because it contains no messages."""

_EARLIER_SANDBOX_NOTES: Final = (
    ("`{name}` was not run: it belongs to the notebook server.", _SANDBOX_NOTES[0]),
    ("`{name}` is not available here; what uses it raises an error, the rest runs.", _SANDBOX_NOTES[5]),
    ("`{name}`, which the course gives, could not be loaded: {error}.", _SANDBOX_NOTES[6]),
    ("`{module}` as the course gives it has no `{name}`; what uses it raises an error.", _SANDBOX_NOTES[7]),
    ("`input()` has no one to ask here: it gives an empty text.", _SANDBOX_NOTES[9]),
    ("Files, the network and other programs are out of reach here.", _SANDBOX_NOTES[10]),
)
"""Remarks in earlier wordings, which old databases hold, each with today's."""


def recognize_sandbox_note(text: str) -> Message:
    """Return a text as the sandbox's message that it matches, for translation; any other text as it is."""
    for written, note in (*((each.template, each) for each in _SANDBOX_NOTES), *_EARLIER_SANDBOX_NOTES):
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(written))
        if found := re.fullmatch(pattern, text, re.DOTALL):
            return gettext(note.template, **found.groupdict())
    return Message(text)
