"""The documentation as data: topics, titles, sections, and search by word."""

import pytest

from grader.core.errors import UsageError
from grader.services.documents import (
    AUDIENCES,
    get_document,
    load_documents,
    load_image,
    make_anchor,
    parse_document,
    search_documents,
)

TEXT = """\
<!-- for: authors -->
# A *small* page

See [the other](other.md) page, version 1.2. It is long.

```sh
# not a heading
```

## The `code`

One.

## The `code`

Two.
"""


def test_a_document_is_read() -> None:
    """A document has its readers, its title and first sentence without markup, and numbered equal headings."""
    one = parse_document("small", TEXT)
    assert (one.audience, one.title) == ("authors", "A small page")
    assert one.summary == "See the other page, version 1.2."
    assert [section.anchor for section in one.sections] == ["a-small-page", "the-code", "the-code-1"]
    assert "# not a heading" in one.sections[0].text
    assert not one.markdown.startswith("<!--")


def test_a_document_without_readers_is_for_everybody() -> None:
    """The comment may be left out."""
    assert parse_document("plain", "# Plain\n\nIt is.\n").audience == "everybody"


def test_documents_are_ordered_by_their_readers() -> None:
    """Students' documents come first; among the instructors' documents, the one of that name is first."""
    documents = list(load_documents().values())
    places = [AUDIENCES.index(one.audience) for one in documents]
    assert places == sorted(places)
    assert documents[0].topic == "students"
    assert next(one.topic for one in documents if one.audience == "instructors") == "instructors"


@pytest.mark.parametrize("topic", load_documents())
def test_every_document_has_a_title_and_a_first_sentence(topic: str) -> None:
    """The list of topics has a line of at most 120 characters for each."""
    one = load_documents()[topic]
    assert one.title
    assert 10 < len(one.summary) <= 120
    assert one.summary.endswith(".")


@pytest.mark.parametrize("name", ["marking", "Marking", "marking.md"])
def test_a_topic_is_found(name: str) -> None:
    """Case and the file's ending don't matter."""
    assert get_document(name).topic == "marking"


def test_an_unknown_topic_names_similar_ones() -> None:
    """A typing error gets the near topics; anything else gets all."""
    with pytest.raises(UsageError, match="there is no document 'instuctors'; choose one of instructors"):
        get_document("instuctors")
    with pytest.raises(UsageError, match=r"students, .*, contributing"):
        get_document("../../etc/passwd")


def test_search_finds_sections() -> None:
    """All words have to occur, in any case; the first one is in the excerpt; a heading counts more than a text."""
    hits = search_documents("PostgreSQL BACKUP")
    assert ("records", "Backup and restore") in [(hit.document.topic, hit.section.heading) for hit in hits]
    for hit in hits:
        before, word, after = hit.excerpt
        assert word.lower() in ("postgresql", "backup") or not before
        assert len(before) + len(word) + len(after) < 200
    assert search_documents("slurm")[0].section.heading == "SLURM"
    assert not [hit for hit in search_documents("ostgres") if hit]
    assert search_documents("") == []
    assert search_documents("qwertzuiop") == []


def test_anchors_are_those_of_the_repository() -> None:
    """An anchor is made as the repository's pages make it."""
    assert make_anchor("Check one question: `a_b`, again") == "check-one-question-a_b-again"


@pytest.mark.parametrize("name", ["../records.md", "none.png", "a/b.png", ""])
def test_other_files_are_no_pictures(name: str) -> None:
    """Only a picture of the documents is one."""
    assert load_image(name) is None
