"""Progress: a use case reports to the object passed in; the terminal shows it on standard error.

Covers `cli/terminal.py`.
"""

import pytest

from grader.cli.terminal import TerminalProgress
from grader.core.text.language import Catalogue, Language
from grader.core.text.messages import gettext
from grader.services.progress import Progress, SilentProgress


@pytest.mark.parametrize("progress", [SilentProgress(), TerminalProgress()])
def test_items_pass_unchanged(progress: Progress, capsys: pytest.CaptureFixture[str]) -> None:
    """Tracking yields every item, in order, as it comes, and writes nothing outside of a terminal."""
    items = iter("abc")
    tracked = progress.track(items, 3, "letters")
    assert next(tracked) == "a"
    assert next(items) == "b"
    assert list(tracked) == ["c"]
    assert capsys.readouterr() == ("", "")


def test_silence_shows_no_note(capsys: pytest.CaptureFixture[str]) -> None:
    """The silent progress drops notes."""
    SilentProgress().note("waiting")
    assert capsys.readouterr() == ("", "")


def test_the_terminal_shows_notes_in_its_language(capsys: pytest.CaptureFixture[str]) -> None:
    """A note is one line on standard error, translated, and control characters do nothing."""
    french = Language("fr", (Catalogue({"waiting for {name}": ("en attente de {name}",)}),))
    TerminalProgress(french).note(gettext("waiting for {name}", name="a\x1bb"))
    assert capsys.readouterr() == ("", "en attente de a b\n")
