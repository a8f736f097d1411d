"""Read the aliases of exercises in `course.toml`: further names of the files that students hand in."""

from collections.abc import Mapping, Sequence
from typing import Any

from grader.core.questions.file_patterns import FILE_SUFFIXES
from grader.course.toml_values import TomlLines, read_table, read_text_list
from grader.formats.filename import fold_name


def read_aliases(table: Mapping[str, Any], lines: TomlLines) -> tuple[str, ...]:
    """Return the aliases in the table of an exercise. Raises CourseError for one that no file's name could be."""
    aliases = read_text_list(table, "aliases", lines)
    for alias in aliases:
        is_plain = not any(letter in alias for letter in "/\\[]") and not alias.lower().endswith(FILE_SUFFIXES)
        if not is_plain or not any(letter.isalnum() for letter in alias):
            raise lines.error(
                "aliases",
                f"{alias!r} can't be an alias: write the name of a file without folder and ending, "
                'such as "Week4_*", where * and ? stand for any characters',
            )
    return aliases


def require_distinct_aliases(exercises: Sequence[str], tables: Mapping[str, Any], lines: TomlLines) -> None:
    """Raise CourseError for an alias that is also the name or an alias of another exercise."""
    owners: dict[str, str] = {fold_name(name): name for name in exercises}
    for exercise in tables:
        for alias in read_text_list(read_table(tables, exercise, lines), "aliases", lines):
            owner = owners.setdefault(fold_name(alias), exercise)
            if owner != exercise:
                raise lines.error(exercise, f"{alias!r} is also a name of {owner!r}: leave out one of the two")
