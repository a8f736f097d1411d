"""The documentation: the Markdown files of `grader/docs`, found by their place, and searched by word.

A document begins with a comment that names its readers, `<!-- for: instructors -->`, and a title. Its first sentence
says in a line what it is about.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from pathlib import PurePosixPath
from typing import Final

from grader.core.errors import UsageError

AUDIENCES: Final = ("students", "instructors", "authors", "administrators", "everybody", "developers")
"""The readers of documents, in the order of a table of contents. A document that names none is for everybody."""
_COMMENT: Final = re.compile(r"<!-- for: (\w+) -->\n+")
_HEADING: Final = re.compile(r"^(#{1,4}) +(.+?)\n", re.MULTILINE)
_FENCED: Final = re.compile(r"^( *)```.*?^\1```$", re.MULTILINE | re.DOTALL)
_LINK: Final = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_SIGNS: Final = re.compile(r"^\|[-|: ]+\|$|^\| | \|$| \| ", re.MULTILINE)
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s")
_EXCERPT_CHARS: Final = 160


@dataclass(frozen=True)
class Section:
    """A part of a document from one heading to the next. `anchor` is the heading's name in an address."""

    heading: str
    anchor: str
    text: str


@dataclass(frozen=True)
class Document:
    """A document: its name, its readers, and its Markdown, which begins with the title."""

    topic: str
    audience: str
    markdown: str

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The parts of the document; the first one is under the title."""
        return tuple(_split_sections(self.markdown))

    @property
    def title(self) -> str:
        """The title, without markup."""
        return self.sections[0].heading

    @property
    def summary(self) -> str:
        """The first sentence, without markup."""
        first = _FENCED.sub("", self.sections[0].text).strip().partition("\n\n")[0]
        return _SENTENCE_END.split(_strip_markup(first), maxsplit=1)[0]


@dataclass(frozen=True)
class SearchHit:
    """A section in which all words of a search occur, and the text around the first one: before, the word, after."""

    document: Document
    section: Section
    excerpt: tuple[str, str, str]


@cache
def load_documents() -> Mapping[str, Document]:
    """Return all documents by topic, by readers and then by name; the one named like its readers is their first."""
    folder = resources.files("grader") / "docs"
    files = {PurePosixPath(file.name): file for file in folder.iterdir() if file.name.endswith(".md")}
    found = [parse_document(name.stem, file.read_text("utf-8")) for name, file in files.items()]
    found.sort(key=lambda one: (AUDIENCES.index(one.audience), one.topic != one.audience, one.topic))
    return {one.topic: one for one in found}


def parse_document(topic: str, text: str) -> Document:
    """Return the document that a file holds."""
    comment = _COMMENT.match(text)
    audience = comment[1] if comment else "everybody"
    return Document(topic, audience, text[comment.end() :] if comment else text)


def get_document(topic: str) -> Document:
    """Return the document of a topic. Raises UsageError, which names similar topics, if there is none."""
    documents = load_documents()
    name = topic.strip().casefold().removesuffix(".md")
    if name in documents:
        return documents[name]
    near = difflib.get_close_matches(name, documents, n=3, cutoff=0.5) or list(documents)
    raise UsageError(f"there is no document {topic[:40]!r}; choose one of {', '.join(near)}")


def load_image(name: str) -> bytes | None:
    """Return a picture of the documents, in PNG format; None if there is none of that name."""
    if not re.fullmatch(r"[a-z0-9-]+\.png", name):
        return None
    file = resources.files("grader") / "docs" / "images" / name
    return file.read_bytes() if file.is_file() else None


def search_documents(query: str) -> list[SearchHit]:
    """Return the sections that have words with these beginnings, in any case; those with all in the heading first."""
    wanted = query.casefold().split()
    if not wanted:
        return []
    hits = [
        SearchHit(document, section, _make_excerpt(section.text, wanted))
        for document in load_documents().values()
        for section in document.sections
        if _contains_all(f"{section.heading}\n{section.text}", wanted)
    ]
    return sorted(hits, key=lambda hit: not _contains_all(hit.section.heading, wanted))


def _contains_all(text: str, wanted: list[str]) -> bool:
    return all(_find_word(text, word) for word in wanted)


def _find_word(text: str, word: str) -> re.Match[str] | None:
    """Return the first place where a word of the text begins with `word`."""
    return re.search(rf"(?<!\w){re.escape(word)}", text, re.IGNORECASE)


def make_anchor(heading: str) -> str:
    """Return a heading's name in an address, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _split_sections(markdown: str) -> Iterator[Section]:
    """Yield the sections. A line of code that begins with # is not a heading; equal headings are numbered."""
    code = [span.span() for span in _FENCED.finditer(markdown)]
    headings = [one for one in _HEADING.finditer(markdown) if not any(start < one.start() < end for start, end in code)]
    ends = [one.start() for one in headings[1:]] + [len(markdown)]
    seen: dict[str, int] = {}
    for one, end in zip(headings, ends, strict=True):
        heading = _strip_markup(one[2])
        anchor = make_anchor(heading)
        seen[anchor] = seen.get(anchor, -1) + 1
        yield Section(
            heading, f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor, markdown[one.end() : end].strip()
        )


def _strip_markup(markdown: str) -> str:
    """Return a paragraph as one line without links, code signs, emphasis and lines of tables."""
    return " ".join(_SIGNS.sub(" ", re.sub(r"[`*]|^#+ ", "", _LINK.sub(r"\1", markdown))).split())


def _make_excerpt(text: str, wanted: list[str]) -> tuple[str, str, str]:
    """Return the line around the first word that occurs in the text; else the beginning."""
    plain = _strip_markup(text)
    places = [match for word in wanted if (match := _find_word(plain, word))]
    if not places:
        return _cut_end(plain, _EXCERPT_CHARS), "", ""
    first = min(places, key=lambda match: match.start())
    before, after = plain[: first.start()], plain[first.end() :]
    return _cut_start(before, _EXCERPT_CHARS // 3), first[0], _cut_end(after, _EXCERPT_CHARS * 2 // 3)


def _cut_start(text: str, most: int) -> str:
    return text if len(text) <= most else "… " + text[-most:].partition(" ")[2]


def _cut_end(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most].rpartition(" ")[0] + " …"
