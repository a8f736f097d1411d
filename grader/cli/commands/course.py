"""Commands of a course's author: `init`, `build`, `translate` and `release`."""

from pathlib import Path
from typing import Annotated, Final

import typer

from grader.cli.options import (
    LanguageOption,
    OwnCourseOption,
    parse_path,
    resolve_own_course_folder,
)
from grader.core.errors import UsageError


def init(
    folder: Annotated[Path, typer.Argument(parser=parse_path, metavar="DIR", help="A new or empty folder.")],
) -> int:
    """Start a new course: a small example that you can build, check and grade at once."""
    from grader.cli import terminal
    from grader.services.new_course import create_course

    for file in create_course(folder):
        terminal.print_line(f"wrote {file}")
    return 0


def build(
    course: OwnCourseOption = None,
    check: Annotated[bool, typer.Option("--check", help="Check the course and write nothing.")] = False,
    mutants: Annotated[
        bool,
        typer.Option("--mutants", help="With --check: also check that each wrong edit of a solution loses points."),
    ] = False,
    seeds: Annotated[
        int | None,
        typer.Option(
            "--seeds",
            metavar="N",
            min=2,
            max=1000,
            help="With --check: also look for verdicts that depend on the seed.",
        ),
    ] = None,
) -> int:
    """Write the notebooks with blanks from reference/ to exercises/."""
    from grader.cli import build as command

    if mutants and not check:
        raise UsageError("--mutants is a part of the check: write --check --mutants")
    if seeds is not None and not check:
        raise UsageError("--seeds is a part of the check: write --check --seeds N")
    folder = resolve_own_course_folder(course)
    if not check:
        return command.write_course(folder)
    code = command.print_mutation_score(folder) if mutants else command.print_course_problems(folder)
    return code or (command.print_seed_dependence(folder, seeds) if seeds else 0)


def translate(
    language: Annotated[str, typer.Argument(metavar="LANGUAGE", help="A language code, such as fr.")],
    course: OwnCourseOption = None,
    program: Annotated[
        bool, typer.Option("--program", help="Update the program's own texts instead of the course's.")
    ] = False,
) -> int:
    """Write or update reference/locale/LANGUAGE.po, the texts of the course for a translator."""
    from grader.cli import terminal
    from grader.services.translate import update_course_catalogue, update_program_catalogue

    if program:
        update = update_program_catalogue(language)
    else:
        update = update_course_catalogue(language, resolve_own_course_folder(course))
    terminal.print_line(f"wrote {update.file}: {update.texts} texts, {update.untranslated} not translated yet")
    return 0


def release(
    to: Annotated[
        Path, typer.Option("--to", parser=parse_path, metavar="DIR", help="A folder, or a file name that ends in .zip.")
    ],
    course: OwnCourseOption = None,
    lang: LanguageOption = None,
    exercise: Annotated[
        str | None, typer.Option("--exercise", metavar="NAME", help="Write this exercise alone, with what it needs.")
    ] = None,
    with_program: Annotated[
        bool, typer.Option("--with-program", help="Put the program beside the exercises, as a file that pip installs.")
    ] = False,
) -> int:
    """Write the files for students: templates and the files of `grader check`; no solutions, no hidden checks."""
    from grader.cli import terminal
    from grader.services.release import write_release

    folder = resolve_own_course_folder(course)
    files = write_release(to, folder, lang, exercise=exercise, with_program=with_program)
    terminal.print_line(f"wrote {files} files to {to}")
    if not with_program:
        terminal.print_remark("students need the program to check their answers: --with-program puts it beside them")
    return 0


COMMANDS: Final = {"init": init, "build": build, "translate": translate, "release": release}
