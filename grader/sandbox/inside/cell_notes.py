"""Remarks about a cell besides its result: requests that were denied, and the reason."""

MAX_NOTES = 20


class CellNotes:
    """Sentences without repetition, in order of arrival, 20 at most; `take` empties it."""

    def __init__(self) -> None:
        self._sentences: dict[str, None] = {}

    def add(self, sentence: str) -> None:
        """Add a sentence."""
        if len(self._sentences) < MAX_NOTES:
            self._sentences[sentence] = None

    def take(self) -> list[str]:
        """Return the sentences added since the last call."""
        sentences = list(self._sentences)
        self._sentences.clear()
        return sentences
