"""Text as one line, whatever characters it has."""


def collapse_to_one_line(text: str) -> str:
    """Replace every run of white space, control and other unprintable characters by one space."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
