"""Marking: the queue, question by question, and the form in which points are given."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Path, Request, Response
from fastapi.responses import RedirectResponse

from grader.core.errors import GraderError, UsageError
from grader.core.results.mark import Mark
from grader.core.text.messages import Message, MessageLike, gettext
from grader.core.text.numbers import format_points, localize_number
from grader.services.marks import apply_rubric, list_countable_answers, load_answer
from grader.store import Account, NewMark, QuestionToMark
from grader.web.app_state import Portal
from grader.web.security.auth import PortalDep, SignedInInstructor, require_instructor
from grader.web.security.csrf import require_csrf_token
from grader.web.views.rendering import render_page

router = APIRouter(dependencies=[Depends(require_instructor), Depends(require_csrf_token)])

MarkedSubmissionId = Annotated[int, Path(ge=1, le=2**31 - 1)]
MarkField = Annotated[str, Form(max_length=5000)]


@router.get("/marking")
def show_marking_queue(request: Request, portal: PortalDep, account: SignedInInstructor) -> Response:
    """Show how many answers wait for each question, and where to begin."""
    waiting = list_countable_answers(portal.store, portal.course)
    counts = Counter((one.submission.exercise, one.question) for one in waiting if one.mark is None)
    titles = {(e.name, q.id): portal.language(q.title) for e in portal.course.exercises for q in e.questions}
    return render_page(request, "marking.html", account, waiting=waiting, counts=counts, question_titles=titles)


@dataclass(frozen=True)
class MarkForm:
    """The content of the form; `seen` is the moment of the mark that its reader saw."""

    items: Sequence[str] = ()
    points: str = ""
    comment: str = ""
    seen: str = ""


@router.get("/marking/{id}/{question}")
def show_mark_form(
    request: Request, portal: PortalDep, account: SignedInInstructor, id: MarkedSubmissionId, question: str
) -> Response:
    """Show an answer with its rubric, and its mark or that of an earlier attempt."""
    one = _find_waiting_answer(portal, id, question)
    here = one.mark or one.proposal
    if here is None:
        return _render_mark_page(request, portal, account, one, MarkForm())
    points = "" if here.items else portal.language(localize_number(f"{here.points:g}"))
    return _render_mark_page(
        request, portal, account, one, MarkForm(here.items, points, here.comment, _moment(one.mark))
    )


@router.post("/marking/{id}/{question}")
def save_mark(
    request: Request,
    portal: PortalDep,
    account: SignedInInstructor,
    id: MarkedSubmissionId,
    question: str,
    item: Annotated[list[str] | None, Form()] = None,
    points: MarkField = "",
    comment: MarkField = "",
    seen: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Give points, and go on to the next answer to the question; never overwrite a mark given meanwhile."""
    one = _find_waiting_answer(portal, id, question)
    form = MarkForm(item or (), points, comment, seen)
    try:
        given = _number(points) if points.strip() else None
        marking = apply_rubric(
            portal.store, portal.course, NewMark(id, question, given, comment.strip(), tuple(item or ()))
        )
        if marking.points is not None and not 0 <= marking.points <= one.max_points:
            raise UsageError(gettext("Enter 0 to {most} points.", most=format_points(one.max_points)))
        other = portal.store.acting_as(account.name).marks.set_if_unchanged(_read(seen), marking)
    except GraderError as error:
        return _render_mark_page(request, portal, account, one, form, 422, _sentence(portal.language(error.message)))
    if other is not None and _differs(other, marking):
        form = replace(form, items=marking.items, seen=_moment(other))
        return _render_mark_page(request, portal, account, one, form, 409, _describe_conflict(other))
    return RedirectResponse(_find_next_url(portal, one), 303)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].removesuffix(".") + "."


def _differs(mark: Mark, marking: NewMark) -> bool:
    """Return whether the form says something new: a form sent twice doesn't."""
    return (mark.points, mark.items, mark.comment) != (marking.points, marking.items, marking.comment)


def _describe_conflict(mark: Mark) -> Message:
    points = format_points(mark.points)
    if not mark.comment:
        return gettext(
            "{marker} has marked this in the meantime: {points}. Nothing was saved; save again to replace that mark "
            "with yours.",
            marker=mark.marker,
            points=points,
        )
    return gettext(
        "{marker} has marked this in the meantime: {points} with the comment “{comment}”. Nothing was saved; save "
        "again to replace that mark with yours.",
        marker=mark.marker,
        points=points,
        comment=mark.comment,
    )


def _moment(mark: Mark | None) -> str:
    return mark.at.isoformat() if mark and mark.at else ""


def _read(moment: str) -> datetime | None:
    try:
        return datetime.fromisoformat(moment)
    except ValueError:
        return None


def _find_waiting_answer(portal: Portal, id: int, question: str) -> QuestionToMark:
    there = portal.store.marks.list_to_mark(ids=[id])
    found = next((one for one in there if one.question == question), None)
    if found is None:
        raise HTTPException(404)
    return found


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError as error:
        raise UsageError(gettext("“{text}” is not a number. Enter a number of points.", text=text[:40])) from error


def _find_next_url(portal: Portal, one: QuestionToMark) -> str:
    """Return the URL of the next unmarked answer to the same question, else of the queue."""
    left = [
        other.submission.id
        for other in list_countable_answers(portal.store, portal.course)
        if (other.submission.exercise, other.question, other.mark) == (one.submission.exercise, one.question, None)
    ]
    following = [id for id in left if id > one.submission.id] or left
    return f"/marking/{following[0]}/{one.question}" if following else "/marking"


def _render_mark_page(
    request: Request,
    portal: Portal,
    account: Account,
    item: QuestionToMark,
    form: MarkForm,
    status: int = 200,
    problem: MessageLike | None = None,
) -> Response:
    answer = load_answer(portal.store, portal.course, item)
    return render_page(
        request,
        "mark.html",
        account,
        status,
        item=item,
        form=form,
        question=answer.question,
        rubric=answer.rubric,
        answer=answer.text,
        pictures=answer.pictures,
        prompt=answer.prompt,
        ideal=answer.ideal,
        problem=problem,
    )
