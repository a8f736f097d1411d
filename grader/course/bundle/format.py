"""Where the checks lie in a release, the version of their form, and how sentences are written down in it."""

from typing import Any, Final

from grader.core.text.messages import Phrase, Said

FOLDER: Final = "checks"
NAME: Final = f"{FOLDER}/release.json"
FORMAT: Final = 2


def said_node(said: Said) -> Any:
    """The JSON of a sentence: text as it is, a phrase as `[template, plural, {field: sentence}]`."""
    if isinstance(said, str):
        return said
    fields = {name: said_node(value) for name, value in said.fields}
    return [said.template, said.plural, fields]


def said(node: Any) -> Said:
    """What `said_node` was made of. Raises ValueError, TypeError or AttributeError for anything else."""
    if isinstance(node, str):
        return node
    template, plural, fields = node
    return Phrase(str(template), tuple((str(name), said(value)) for name, value in fields.items()), str(plural))
