"""Counts with their nouns in English; sentences that are translated use `messages.ngettext` instead."""


def count_noun(number: int, noun: str) -> str:
    """Return `1 file`, `2 files`: regular plurals only."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
