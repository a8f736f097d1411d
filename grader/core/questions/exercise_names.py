"""The names by which the files of a course's exercises are recognized."""

from collections.abc import Iterable, Mapping


class ExerciseNames(tuple[str, ...]):
    """The names of exercises, in order.

    `aliases` are further names of an exercise's files, by exercise; `*` and `?` in them stand for any characters.
    """

    aliases: Mapping[str, tuple[str, ...]]

    def __new__(cls, names: Iterable[str], aliases: Mapping[str, tuple[str, ...]] | None = None) -> "ExerciseNames":
        """Return the names with their aliases."""
        made = super().__new__(cls, names)
        made.aliases = {name: patterns for name, patterns in (aliases or {}).items() if patterns}
        return made
