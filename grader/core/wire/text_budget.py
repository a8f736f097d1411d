"""Limits the text that one submission adds to its records: printed text, exceptions and remarks.

The sandbox keeps to it, so that its messages are small. The judge applies it again, because it trusts no message.
"""

import json
from typing import Final

MAX_SAID_BYTES: Final = 100_000
"""Bytes of exceptions, remarks and warnings of one submission that are kept."""
MIN_KEPT_CHARS: Final = 40
"""Characters of each text that are kept all the same where a budget is used up, if its caller wants that."""
_MAX_ESCAPE_BYTES: Final = 6  # bytes of a control character in JSON: \u0000


class TextBudget:
    """The bytes that may still be kept, as they are stored: in JSON."""

    def __init__(self, max_bytes: int) -> None:
        self.left = max_bytes

    def take(self, text: str, at_least: int = 0) -> str:
        """Return as much of a text as may be kept, and at least so many characters."""
        size = measure_text(text)
        if size > self.left:
            room = max(0, self.left)
            text = text[: max(at_least, room if measure_text(text[:room]) <= room else room // _MAX_ESCAPE_BYTES)]
            size = measure_text(text)
        self.left -= size
        return text


def measure_text(text: str) -> int:
    """Return the bytes of a text in JSON, without its quotation marks."""
    return len(json.dumps(text, ensure_ascii=False).encode("utf-8", "replace")) - 2 if text else 0
