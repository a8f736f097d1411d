"""The exercise that a file answers: the one that it names, else the only one whose questions it answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from grader.core.questions.exercise import Exercise
from grader.core.questions.recognize_exercise import recognize_exercise
from grader.core.text.messages import Message, gettext
from grader.core.wire.submission import ParsedSubmission
from grader.formats.decode_text import escape_unprintable
from grader.formats.discover import FoundFile, resolve_exercise


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
