"""One spelling for each name: `é` is one character or two, depending on who writes it; a person is one either way."""

import unicodedata


def normalize_nfc(name: str) -> str:
    """The name in Unicode's normal form C, by which names are kept and looked for."""
    return unicodedata.normalize("NFC", name)
