"""Typesets page after page, and what many pages have in common, such as the exercise's own prose, only once.

A text is kept only where it was typeset in a disposable process that had seen nothing else: what one student hands in
can't have a say in what stands on another's page.
"""

from typing import Final

from grader.feedback.markup import TypesetRequest, TypesetResult, Typesetter, typeset

_MAX_CACHED_TEXTS: Final = 2_000
"""Texts kept; further ones are typeset page by page."""
_MIN_CACHED_CHARS: Final = 60  # characters below which a process of its own costs more than it saves


class TypesetCache:
    """A typesetter with a memory of the texts that came more than once."""

    def __init__(self, typesetter: Typesetter | None) -> None:
        self._typesetter = typesetter
        self._seen: set[int] = set()
        self._cache: dict[TypesetRequest, TypesetResult] = {}

    def typeset(self, wanted: TypesetRequest) -> TypesetResult:
        """What comes of a page's texts, kept ones among them."""
        kept = [self._get_cached(TypesetRequest(code=(text,))) for text in wanted.code]
        kept += [self._get_cached(TypesetRequest(markdown=(text,))) for text in wanted.markdown]
        found = [one for one in kept if one]
        code = {text: lines for one in found for text, lines in one.code.items()}
        markdown = {text: html for one in found for text, html in one.markdown.items()}
        rest = TypesetRequest(
            tuple(text for text in wanted.code if text not in code),
            tuple(text for text in wanted.markdown if text not in markdown),
            wanted.formulas,
        )
        fresh = typeset(rest, self._typesetter)
        return TypesetResult(code | dict(fresh.code), markdown | dict(fresh.markdown), fresh.formulas)

    def _get_cached(self, alone: TypesetRequest) -> TypesetResult | None:
        """What is kept of a text; where it comes for the second time, it is typeset alone and kept from then on."""
        (text,) = alone.code + alone.markdown
        if len(text) < _MIN_CACHED_CHARS:
            return None
        if alone not in self._cache:
            mark = hash(alone)
            if mark in self._seen and len(self._cache) < _MAX_CACHED_TEXTS:
                self._cache[alone] = typeset(alone, self._typesetter)
            self._seen.add(mark)
        return self._cache.get(alone)
