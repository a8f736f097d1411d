"""What there is to tell about a cell beside its result: what couldn't be given, and why."""

MAX_NOTES = 20


class CellNotes:
    """Sentences, each once, in the order in which they came, 20 at most; `take` empties it."""

    def __init__(self) -> None:
        self._sentences: dict[str, None] = {}

    def add(self, sentence: str) -> None:
        """Notes a sentence."""
        if len(self._sentences) < MAX_NOTES:
            self._sentences[sentence] = None

    def take(self) -> list[str]:
        """The sentences since the last call."""
        said = list(self._sentences)
        self._sentences.clear()
        return said
