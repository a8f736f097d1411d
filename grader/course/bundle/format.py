"""Where the checks lie in a release, the version of their form, and how sentences are written down in it."""

from typing import Any, Final

from grader.core.text.messages import Message, MessageLike

CHECKS_FOLDER: Final = "checks"
MANIFEST_PATH: Final = f"{CHECKS_FOLDER}/release.json"
FORMAT_VERSION: Final = 2


def dump_message(said: MessageLike) -> Any:
    """The JSON of a sentence: text as it is, a phrase as `[template, plural, {field: sentence}]`."""
    if isinstance(said, str):
        return said
    fields = {name: dump_message(value) for name, value in said.fields}
    return [said.template, said.plural, fields]


def load_message(node: Any) -> MessageLike:
    """What `dump_message` was made of. Raises ValueError, TypeError or AttributeError for anything else."""
    if isinstance(node, str):
        return node
    template, plural, fields = node
    return Message(
        str(template), tuple((str(name), load_message(value)) for name, value in fields.items()), str(plural)
    )
