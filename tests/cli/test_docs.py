"""`grader docs`: the documentation in a terminal."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from grader.services.documents import load_documents

Command = Callable[..., Any]


def test_the_topics_are_listed(grader: Command) -> None:
    """One line per topic, with its first sentence."""
    ran = grader("docs")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()[1:]
    assert [line.split()[0] for line in lines] == list(load_documents())
    for line, one in zip(lines, load_documents().values(), strict=True):
        assert line.rstrip().endswith(one.summary)


def test_a_document_is_printed(grader: Command) -> None:
    """In a pipe the Markdown is printed as it is."""
    ran = grader("docs", "rules")
    assert ran.code == 0
    assert ran.out == load_documents()["rules"].markdown


def test_a_terminal_gets_a_layout() -> None:
    """In a terminal headings and tables are laid out, and no Markdown is left."""
    reader, writer = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "grader", "docs", "records"],
        stdout=writer,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    ) as started:
        os.close(writer)
        shown = b""
        while True:
            try:
                part = os.read(reader, 4096)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            shown += part
    assert started.returncode == 0
    assert b"Records" in shown
    assert b"\x1b[" in shown
    assert b"|---" not in shown


def test_an_unknown_topic_is_one_line(grader: Command) -> None:
    """The line names similar topics, and the exit code is 2."""
    ran = grader("docs", "sandbx")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "grader: there is no document 'sandbx'; choose one of sandbox\n"


def test_words_are_searched(grader: Command) -> None:
    """Each hit has its topic, its heading and a line of the text."""
    ran = grader("docs", "--search", "kubernetes")
    assert ran.code == 0
    assert ran.out.startswith("cluster  Grading on a cluster, Kubernetes\n    ")


def test_a_search_without_a_hit_is_one_line(grader: Command) -> None:
    """A word that no document contains, and a topic together with a search, are wrong use."""
    ran = grader("docs", "--search", "qwertzuiop")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("grader: no document contains 'qwertzuiop'")
    assert grader("docs", "rules", "--search", "late").code == 2
