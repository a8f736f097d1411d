"""What student code prints: the first bytes are kept, the rest is counted."""

import io


class Printed(io.TextIOBase):
    """Stands in for sys.stdout and sys.stderr. Keeps `limit` bytes of UTF-8; `take` empties it."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._kept: list[str] = []
        self._size = 0

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, text: str) -> int:
        """Keeps what still fits."""
        size = len(text.encode("utf-8", "replace"))
        room = self.limit - self._size
        if room > 0:
            self._kept.append(text if size <= room else text[:room])
        self._size += size
        return len(text)

    def take(self) -> tuple[str, int]:
        """The text kept since the last call, and how many bytes were printed in all since then."""
        kept = "".join(self._kept).encode("utf-8", "replace")[: self.limit].decode("utf-8", "ignore")
        size = self._size
        self._kept.clear()
        self._size = 0
        return kept, size
