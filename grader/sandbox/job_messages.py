"""Encode jobs and requests as messages to a child, and recognize what a child's frame answers.

Messages to a child are pickled, because it trusts the grader. Those from a child are untrusted (`parse_answers`).
"""

import pickle
from collections.abc import Set

from grader.core.wire.assignment_target import Target
from grader.core.wire.decode import decode
from grader.core.wire.edits.edit import write_edit
from grader.core.wire.encode import encode
from grader.core.wire.job import (
    Action,
    Call,
    DiagnosisAction,
    Job,
    ListRepairs,
    MeasureCall,
    Parse,
    Read,
    Request,
    ResultRef,
    TraceCall,
)
from grader.core.wire.values import InvalidValueError, Value
from grader.sandbox.channel import MAX_REQUEST_MESSAGE_BYTES
from grader.sandbox.inside.protocol import ANSWER_HEADER, CALL_QUERY, PICKLE_PROTOCOL


def encode_job(job: Job, nonce: str, memory: int, skipped: Set[int], known: Set[int] = frozenset()) -> bytes:
    """Encode the first message of a job: its code cells, with those marked that must not be run again.

    `memory`: bytes that the child may use. `known`: cells that run only because a later step needs what they define.
    When a submission runs again with corrected values, all its cells do.
    """
    is_rerun = job.is_rerun
    message = {
        "nonce": nonce,
        "modules": dict(job.modules),
        "cells": [
            (cell.label, cell.source, i not in skipped, i in known or is_rerun) for i, cell in enumerate(job.cells)
        ],
        "one_by_one": job.statement_by_statement,
        "printed": job.cell_limits.printed,
        "total_printed": job.total_printed,
        "memory": memory,
        "targets": {name: [_encode_target(t) for t in targets] for name, targets in job.targets.items()},
    }
    if files := [cell.label for cell in job.cells if cell.kind == "module"]:
        message |= {"files": files, "files_by_name": dict(job.files_by_name)}
    return pickle.dumps(message, PICKLE_PROTOCOL)


def _encode_target(target: Target) -> tuple[Value, ...]:
    role = None if target.role is None else (target.role.feeds, target.role.reads)
    return target.name, target.path, target.part, role


def encode_batch(nonce: str, count: int) -> bytes:
    """Announce `count` requests, each a message of its own, and the nonce that their answers have to repeat."""
    return pickle.dumps((nonce, count), PICKLE_PROTOCOL)


def encode_request(number: int, request: Request) -> bytes:
    """Encode a request with its number in the job, which also seeds its random generators.

    Its values are sent as copies without shared parts. Raises InvalidValueError for anything that isn't a value.
    """
    message = {**_encode_head(number, request), "actions": [_encode_action(action) for action in request.actions]}
    return pickle.dumps(decode(encode(message, MAX_REQUEST_MESSAGE_BYTES)), PICKLE_PROTOCOL)


def encode_edited_request(number: int, request: Request, actions: bytes) -> bytes:
    """Encode a request with edits, by its encoded actions, which it shares with others."""
    edits = tuple(map(write_edit, request.edits))
    message = {**_encode_head(number, request), "actions": actions, "edits": edits, "max_lines": request.max_lines}
    return pickle.dumps(message, PICKLE_PROTOCOL)


def encode_actions(request: Request) -> bytes:
    """Encode the actions of a request; their values are sent as copies without shared parts.

    Raises InvalidValueError for anything that isn't a value.
    """
    actions = [_encode_action(action) for action in request.actions]
    return pickle.dumps(decode(encode(actions, MAX_REQUEST_MESSAGE_BYTES)), PICKLE_PROTOCOL)


def _encode_head(number: int, request: Request) -> dict[str, int]:
    return {"number": number, "output": request.limits.output, "printed": request.limits.printed}


def _encode_action(action: Action | DiagnosisAction) -> dict[str, Value]:
    match action:
        case Call():
            given = {i: (arg.action, arg.path) for i, arg in enumerate(action.args) if isinstance(arg, ResultRef)}
            return {
                "do": "call",
                "function": action.function,
                "path": action.path,
                "args": tuple(None if i in given else arg for i, arg in enumerate(action.args)),
                "given": given,
                "locals": action.locals,
                "arguments": action.arguments,
                "set_right": dict(action.set_right),
                "roles": {name: (role.feeds, role.reads) for name, role in action.roles.items()},
                "part": action.part,
                "answered": tuple(dict.fromkeys(known.function for known in action.known_calls)),
            }
        case Read():
            return {"do": "read", "name": action.name}
        case Parse():
            return {"do": "parse", "name": action.name}
        case ListRepairs():
            return {"do": "list_repairs", "function": action.function}
        case TraceCall():
            return {"do": "trace", "function": action.function, "args": action.args}
        case MeasureCall():
            return {"do": "measure", "function": action.function, "args": action.args}


def is_call_query(frame: bytes, nonce: str, index: int) -> bool:
    """Return whether a frame asks about a call during the request of this index."""
    return frame[: ANSWER_HEADER.size] == ANSWER_HEADER.pack(nonce.encode(), CALL_QUERY, index)


def unwrap_answer(frame: bytes, nonce: str, kind: bytes, index: int) -> bytes:
    """Return the content of a frame, if it answers this message. Raises InvalidValueError."""
    if frame[: ANSWER_HEADER.size] != ANSWER_HEADER.pack(nonce.encode(), kind, index):
        raise InvalidValueError("the answer belongs to another message")
    return frame[ANSWER_HEADER.size :]
