"""The format of a release: the place of the checks, the version, and the form of sentences."""

from typing import Any, Final

from grader.core.text.messages import Message, MessageLike

CHECKS_FOLDER: Final = "checks"
MANIFEST_PATH: Final = f"{CHECKS_FOLDER}/release.json"
FORMAT_VERSION: Final = 2


def dump_message(message: MessageLike) -> Any:
    """Return a sentence as JSON: plain text stays, a message becomes `[template, plural, {field: sentence}]`."""
    if isinstance(message, str):
        return message
    fields = {name: dump_message(value) for name, value in message.fields}
    return [message.template, message.plural, fields]


def load_message(node: Any) -> MessageLike:
    """Return the sentence that `dump_message` wrote. Raises ValueError, TypeError or AttributeError for other data."""
    if isinstance(node, str):
        return node
    template, plural, fields = node
    return Message(
        str(template), tuple((str(name), load_message(value)) for name, value in fields.items()), str(plural)
    )
