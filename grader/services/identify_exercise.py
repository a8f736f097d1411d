"""The exercise that a file answers: the one that it names, else one that is given, or whose questions it answers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.core.questions.exercise import Exercise
from grader.core.questions.recognize_exercise import recognize_exercise
from grader.core.text.messages import Message, gettext
from grader.core.wire.submission import ParsedSubmission
from grader.formats.decode_text import escape_unprintable
from grader.formats.discover import FoundFile, is_main_file, resolve_exercise


@dataclass(frozen=True)
class IdentifiedExercise:
    """An exercise's name, and a remark if only the file's questions say so."""

    name: str
    remark: Message | None = None


def identify_exercise(program: ParsedSubmission, file: FoundFile, exercises: Sequence[Exercise]) -> IdentifiedExercise:
    """Return the exercise from the file's metadata, else from its name, else from the questions in it.

    Raises UnreadableSubmission, naming the exercises, if none of these gives exactly one exercise.
    """
    if not (file.problem or program.exercise or file.stem_exercise):
        recognized = recognize_exercise(program, exercises)
        if recognized is not None:
            remark = gettext(
                "{file} does not name its exercise; the names of its questions are those of {exercise}",
                file=escape_unprintable(str(file.path)),
                exercise=recognized,
            )
            return IdentifiedExercise(recognized, remark)
    return IdentifiedExercise(resolve_exercise(program, file, [exercise.name for exercise in exercises]))


def assign_exercise(files: Sequence[FoundFile], exercise: str | None) -> list[FoundFile]:
    """Return the files with this exercise where their names say none; a notebook that names one itself keeps it.

    A script beside a notebook of the same folder, or beside a file that names an exercise, is a helper module.
    """
    by_folder: defaultdict[Path, list[FoundFile]] = defaultdict(list)
    for one in files:
        by_folder[one.path.parent].append(one)
    return [_assign(one, by_folder[one.path.parent], exercise) for one in files]


def _assign(one: FoundFile, beside: Sequence[FoundFile], exercise: str | None) -> FoundFile:
    if exercise is None or one.problem or one.stem_exercise:
        return one
    is_helper = not is_main_file(one) and any(map(is_main_file, beside))
    return one if is_helper else replace(one, stem_exercise=exercise)
