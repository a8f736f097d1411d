"""The command line. `main` is the only place that prints an error, as one line, and turns it into an exit code.

0 done · 1 some check failed (`check` only) · 2 wrong use · 3 something could not be read or graded · 130 interrupted.
`commands/` has the arguments and options of each command. A command calls a service, and prints what it returns in a
module beside this one; both are imported when the command is called: `grader --help` loads neither numpy nor SQL.
"""

import gc
import os
import sys
from io import TextIOWrapper


def main() -> None:
    """Run the command that the process was called with, and exit."""
    gc.set_threshold(5000, 20, 20)  # what is loaded stays: to look for garbage less often saves a sixth of the start
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller: a file of ours must not get its number
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), "r" if name == "stdin" else "w"))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that can't show a letter is no reason to stop
    sys.exit(_exit_code())


def _exit_code() -> int:
    from grader.core.errors import GraderError

    try:
        code = _run(sys.argv[1:])
        sys.stdout.flush()
        return code
    except GraderError as error:
        return _print_error(str(error.message if _is_for_page() else error), error.exit_code)
    except KeyboardInterrupt as stop:
        return _print_error(str(stop) or _describe_interruption(), 130)
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _print_error(f"{error.filename or 'standard output'}: {error.strerror or error}", 3)


def _run(arguments: list[str]) -> int:
    """Run the command and return its exit code. Print an error of the command-line library as one line."""
    import typer.main

    from grader.cli.app import app

    try:
        command = typer.main.get_command(app)
        with command.make_context("grader", arguments) as context:
            code = command.invoke(context)
    except typer.Exit as end:
        return end.exit_code
    except Exception as error:
        complaint = getattr(error, "format_message", None)
        if complaint is None:
            raise
        path = getattr(getattr(error, "ctx", None), "command_path", "grader")
        return _print_error(f"{complaint().rstrip('.')}; see {path} --help", 2)
    return code if isinstance(code, int) else 0


def _describe_interruption() -> str:
    """Say what an interruption means; `check` keeps nothing that could be finished."""
    return "interrupted" if sys.argv[1:2] == ["check"] else "interrupted; what was finished is kept"


def _is_for_page() -> bool:
    """Return whether the portal runs this command and shows its output on a page, where nobody types commands."""
    return "GRADER_OUTPUT_ON_PAGE" in os.environ


def _print_error(line: str, code: int) -> int:
    print(line if _is_for_page() else f"grader: {line}", file=sys.stderr)
    return code
