"""Captures the text that student code prints: the first bytes are kept, the rest is counted."""

import io
import re
from typing import Final

_ADDRESS: Final = re.compile(r"(?<= at )0x[0-9a-f]+")


def strip_addresses(text: str) -> str:
    """Return the text without memory addresses (`<Net object at 0x7f…>`), which differ from run to run."""
    return _ADDRESS.sub("0x…", text) if " at 0x" in text else text


class CapturedOutput(io.TextIOBase):
    """Replaces sys.stdout and sys.stderr. Keeps `limit` bytes of UTF-8; `take` empties it."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._kept: list[str] = []
        self._size = 0

    def writable(self) -> bool:
        """Return True."""
        return True

    @property
    def buffer(self) -> "io.BufferedIOBase":
        """The binary stream that scripts wrap to choose an encoding."""
        return _BytesWriter(self)

    def reconfigure(self, **_: object) -> None:
        """Ignore all settings: the encoding stays UTF-8."""

    def write(self, text: str) -> int:
        """Keep as much of the text as fits, and count the rest."""
        size = len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
        room = self.limit - self._size
        if size and room > 0:
            self._kept.append(text if size <= room else text[:room])
        self._size += size
        return len(text)

    def take(self) -> tuple[str, int]:
        """Return the text kept since the last call, and the total number of bytes printed since then."""
        if not self._size:
            return "", 0
        kept = "".join(self._kept).encode("utf-8", "replace")[: self.limit].decode("utf-8", "ignore")
        text = strip_addresses(kept)
        size = self._size - len(kept.encode()) + len(text.encode())
        self._kept.clear()
        self._size = 0
        return text, size


class _BytesWriter(io.BufferedIOBase):
    def __init__(self, output: CapturedOutput) -> None:
        self._printed = output

    def writable(self) -> bool:
        return True

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]  # Buffer exists since Python 3.12
        self._printed.write(bytes(data).decode("utf-8", "replace"))
        return len(data)
