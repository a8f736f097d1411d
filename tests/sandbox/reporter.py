"""A program for tests: prints the level and user that this process can give, as JSON, after tests restrict it."""

import json

from grader.core.errors import GraderError
from grader.core.wire.job import Call, Job, Limits, Request
from grader.core.wire.submission import Cell
from grader.sandbox.level import Level
from grader.sandbox.sandbox import Sandbox
from grader.sandbox.zygote_client import probe_sandbox

_CODE = """
import os

def who():
    return os.getpid(), os.getuid()
"""


def main() -> None:
    """Probe the sandbox, and ask a child for its user."""
    limits = Limits(cpu=30, wall=120)
    job = Job(
        cells=(Cell(_CODE, label="cell 1"),),
        requests=(Request("who", "check", (Call("who", ()),), limits=limits),),
        cell_limits=limits,
    )
    said: dict[str, object] = {"report": probe_sandbox()}
    for least in (Level.SECCOMP, Level.NONE):
        try:
            with Sandbox(min_level=least) as sandbox:
                outcome = sandbox.run(job)
            said[least] = {"level": outcome.level, "who": outcome.answers[0].results[0].value}
        except GraderError as error:
            said[least] = {"error": type(error).__name__, "says": str(error)}
    print(json.dumps(said))


if __name__ == "__main__":
    main()
