"""Typeset pages, and typeset texts that many pages share, such as an exercise's own prose, only once.

A text is cached only if it was typeset alone, in a disposable process of its own, so that one student's submission
can't influence another student's page.
"""

from typing import Final

from grader.feedback.markup import TypesetRequest, TypesetResult, Typesetter, typeset

_MAX_CACHED_TEXTS: Final = 2_000
"""Number of cached texts; further texts are typeset for each page."""
_MIN_CACHED_CHARS: Final = 60  # for shorter texts, a process of their own costs more than the cache saves


class TypesetCache:
    """A typesetter with a cache of texts that were requested more than once."""

    def __init__(self, typesetter: Typesetter | None) -> None:
        self._typesetter = typesetter
        self._seen: set[int] = set()
        self._cache: dict[TypesetRequest, TypesetResult] = {}

    def typeset(self, texts: TypesetRequest) -> TypesetResult:
        """Typeset a page's texts, taking cached results where there are any."""
        cached = [self._get_cached(TypesetRequest(code=(text,))) for text in texts.code]
        cached += [self._get_cached(TypesetRequest(markdown=(text,))) for text in texts.markdown]
        found = [result for result in cached if result]
        code = {text: lines for result in found for text, lines in result.code.items()}
        markdown = {text: html for result in found for text, html in result.markdown.items()}
        rest = TypesetRequest(
            tuple(text for text in texts.code if text not in code),
            tuple(text for text in texts.markdown if text not in markdown),
            texts.formulas,
        )
        fresh = typeset(rest, self._typesetter)
        return TypesetResult(code | dict(fresh.code), markdown | dict(fresh.markdown), fresh.formulas)

    def _get_cached(self, alone: TypesetRequest) -> TypesetResult | None:
        """Return the cached result of a text; on the second request, typeset it alone and cache it."""
        (text,) = alone.code + alone.markdown
        if len(text) < _MIN_CACHED_CHARS:
            return None
        if alone not in self._cache:
            mark = hash(alone)
            if mark in self._seen and len(self._cache) < _MAX_CACHED_TEXTS:
                self._cache[alone] = typeset(alone, self._typesetter)
            self._seen.add(mark)
        return self._cache.get(alone)
