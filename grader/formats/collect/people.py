"""Names of people: when two spellings may be one person, which only a roster or a person can say."""

import unicodedata


def plain(text: str) -> str:
    """A name without what differs between spellings: case, accents, width, separators. Alike isn't the same.

    Where nothing would be left, as of `---`, the text itself.
    """
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(c for c in letters if c.isalnum()) or text
