"""What there is to tell about a cell beside its result: what couldn't be given, and why."""

MOST = 20


class Remarks:
    """Sentences, each once, in the order in which they came, 20 at most; `take` empties it."""

    def __init__(self) -> None:
        self._said: dict[str, None] = {}

    def add(self, sentence: str) -> None:
        """Notes a sentence."""
        if len(self._said) < MOST:
            self._said[sentence] = None

    def take(self) -> list[str]:
        """The sentences since the last call."""
        said = list(self._said)
        self._said.clear()
        return said
