"""Tests of scores as JSON."""

import json
from collections.abc import Callable

from grader.core.report.gradebook import Gradebook
from grader.formats.export.json_scores import render_scores_json

Golden = Callable[[str, bytes], None]


def test_document_matches_golden_file(book: Gradebook, golden: Golden) -> None:
    """The document has rules, students, scores and all their attempts; a pending score is null."""
    golden("scores.json", render_scores_json(book))


def test_the_json_keeps_names_as_they_are(book: Gradebook) -> None:
    """Names are unchanged in JSON."""
    eve = json.loads(render_scores_json(book))["students"][4]
    assert eve["name"].startswith("=HYPERLINK(")
