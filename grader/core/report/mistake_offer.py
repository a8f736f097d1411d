"""An edit that mends a student's answer, offered to the author as a new known mistake, ready to paste."""

import re
from dataclasses import dataclass

from grader.core.questions.checks import list_parameters
from grader.core.questions.question import Question
from grader.core.report.one_line import collapse_to_one_line
from grader.core.results.reason import RepairEdit


@dataclass(frozen=True)
class MendingEdit:
    """An edit that mends an answer to a question, and the text of a mistake for `checks.py`."""

    question: str
    kind: str
    before: str
    after: str
    offer: str


def offer_mistake(question: Question, edit: RepairEdit) -> MendingEdit:
    """Return an edit with the declaration of a mistake: its name, a hint to write, and what students wrote."""
    before, after = collapse_to_one_line(edit.before), collapse_to_one_line(edit.after)
    name = re.sub(r"\W+", "_", f"{edit.kind}_{before}").strip("_")[:40].rstrip("_").lower()
    parameters = ", ".join(list_parameters(question.reference))
    offer = (
        f"@{question.id}.mistake\n"
        f"def {name}({parameters}):\n"
        f'    """TODO: the hint that students read."""\n'
        f"    # TODO: the solution, with the first of these in place of the second:\n"
        f"    # {before}\n"
        f"    # {after}\n"
        f"    raise NotImplementedError\n"
    )
    return MendingEdit(question.id, edit.kind, before, after, offer)
