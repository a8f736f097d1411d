"""Normalise names: `é` can be one character or two, depending on the keyboard, but stands for the same name."""

import unicodedata


def normalize_nfc(name: str) -> str:
    """Return the name in Unicode's normal form C, in which names are stored and looked up."""
    return unicodedata.normalize("NFC", name)
