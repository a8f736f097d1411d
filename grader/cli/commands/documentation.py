"""The command of every reader: `docs`."""

from typing import Annotated, Final

import typer


def docs(
    topic: Annotated[str | None, typer.Argument(metavar="[TOPIC]", help="Default: list the topics.")] = None,
    search: Annotated[
        str | None, typer.Option("--search", metavar="WORD", help="List the sections that contain the word.")
    ] = None,
) -> int:
    """Read the documentation: a list of topics, or the document of one topic."""
    from grader.cli import docs as command
    from grader.core.errors import UsageError

    if topic is not None and search is not None:
        raise UsageError("a topic and --search exclude each other: leave one out")
    if search is not None:
        return command.print_search(search)
    return command.print_topics() if topic is None else command.print_document(topic)


COMMANDS: Final = {"docs": docs}
