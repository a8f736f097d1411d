"""The secret that seeds the checks' inputs: its length, and the fingerprint that may be shown in its place."""

import hashlib
from typing import Final

SECRET_BYTES: Final = 32


def fingerprint(secret: bytes) -> str:
    """16 hex digits that tell two secrets apart and give neither away."""
    return hashlib.sha256(b"grader seed fingerprint\0" + secret).hexdigest()[:16]
