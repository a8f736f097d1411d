"""`grader docs`: the topics of the documentation, one document, or the sections that contain a word."""

import sys

from grader.cli import terminal
from grader.core.errors import UsageError
from grader.services.documents import get_document, load_documents, search_documents


def print_topics() -> int:
    """Print a line per topic: its name, its readers and the first sentence."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("topic", "for", "about"):
        table.add_column(column, no_wrap=column != "about")
    for one in load_documents().values():
        table.add_row(Text(one.topic), Text(one.audience), Text(one.summary))
    terminal.print_table(table)
    return 0


def print_document(topic: str) -> int:
    """Print a document: laid out in a terminal, else its Markdown."""
    markdown = get_document(topic).markdown
    if not sys.stdout.isatty():
        terminal.print_line(markdown.rstrip("\n"))
        return 0
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(highlight=False)
    console.print(Markdown(markdown, hyperlinks=False, code_theme="ansi_dark"), width=min(console.width, 100))
    return 0


def print_search(query: str) -> int:
    """Print each section that contains the words, with a line of its text. Raises UsageError if there is none."""
    hits = search_documents(query)
    if not hits:
        raise UsageError(f"no document contains {query[:40]!r}: try another word, or list the topics with grader docs")
    for hit in hits:
        place = [hit.document.title, *([hit.section.heading] if hit.section.heading != hit.document.title else [])]
        terminal.print_styled((hit.document.topic, "bold"), f"  {', '.join(place)}")
        before, word, after = hit.excerpt
        terminal.print_styled(before, (word, "bold"), after, indent=4)
    return 0
