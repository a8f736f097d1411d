"""The command line. `main` is the only place that prints an error, as one line, and turns it into an exit code.

0 done · 1 some check failed (`check` only) · 2 wrong use · 3 something could not be read or graded · 130 interrupted.
Commands live in modules of their own, imported when they are called: `grader --help` loads neither numpy nor SQL.
"""

import sys


def main() -> None:
    """Runs the command that the process was called with, and exits."""
    from grader.cli.app import app
    from grader.core.errors import GraderError

    try:
        code = app(standalone_mode=False)
    except GraderError as error:
        print(f"grader: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("grader: interrupted; what was finished is kept", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:  # whoever read our output has seen enough
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        sys.exit(_usage(error))
    sys.exit(code if isinstance(code, int) else 0)


def _usage(error: Exception) -> int:
    """Prints click's complaint about the call as one line; anything else is a defect of ours and keeps its trace."""
    shown = getattr(error, "format_message", None)
    if shown is None:
        raise error
    print(f"grader: {shown()}; see grader --help", file=sys.stderr)
    return int(getattr(error, "exit_code", 2))
