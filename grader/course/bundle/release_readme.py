"""The README of a release: what lies there, how a student installs the program, and how to check."""

from typing import Final

from grader.core.questions.exercise import Course, Exercise
from grader.core.text.language import Language
from grader.core.text.messages import gettext
from grader.version import WHEEL_NAME

_PAGE: Final = """\
# {title}

{table}

{hand_in}

## {heading}

{needed}

Linux, macOS:

```sh
python3 -m venv .venv
.venv/bin/pip install ./{wheel}
.venv/bin/grader check {file}
```

Windows:

```bat
py -m venv .venv
.venv\\Scripts\\pip install .\\{wheel}
.venv\\Scripts\\grader check {file}
```

{later}

{in_a_cell}

```python
from grader import check

check({call})
```

{keep}
"""


def render_readme(course: Course, language: Language, *, with_program: bool) -> str:
    """Return the README in Markdown; `with_program` tells whether the program's wheel lies in the release."""
    where = (
        gettext(
            "You need Python 3.11 or newer and the file `{wheel}`, which lies in this folder. Open a terminal in this "
            "folder and run:",
            wheel=WHEEL_NAME,
        )
        if with_program
        else gettext(
            "You need Python 3.11 or newer and the file `{wheel}`, which your instructor gives you: put it into this "
            "folder. Open a terminal in this folder and run:",
            wheel=WHEEL_NAME,
        )
    )
    return _PAGE.format(
        title=language(course.title),
        table=_exercise_table(course, language),
        hand_in=language(
            gettext(
                "Each exercise comes as a notebook and as a script. Hand in one of the two. Fill in every `____` and "
                "save."
            )
        )
        + _describe_folders(course, language),
        heading=language(gettext("Install the program and check your work")),
        needed=language(where),
        wheel=WHEEL_NAME,
        file=_name_files(course.exercises[0])[0],
        later=language(
            gettext(
                "Afterwards the last line is enough. `--watch` checks again after every save, `--lang` sets the "
                "language."
            )
        ),
        in_a_cell=language(
            gettext(
                "In a notebook, run `%pip install ./{wheel}` once in a cell. Then you can check one function:",
                wheel=WHEEL_NAME,
            )
        ),
        call=language(gettext('"QUESTION", function')),
        keep=language(
            gettext(
                "Keep the folder `checks` beside the notebooks: it contains the data for the check. Some requirements "
                "are checked only during grading, so a fully green result here may not earn full points. Nothing is "
                "recorded or sent."
            )
        ),
    )


def _describe_folders(course: Course, language: Language) -> str:
    """Return the sentences about exercises of several files; empty if there are none."""
    asked = [f"`{one.name}/{path}`" for one in course.exercises for path in one.files]
    if not asked:
        return ""
    sentence = gettext(
        "An exercise in a folder is handed in as several files, in their folder, as a zip or together: {files}.",
        files=", ".join(asked),
    )
    return f"\n\n{language(sentence)}"


def _name_files(exercise: Exercise) -> tuple[str, ...]:
    """Return the names of an exercise's notebook and script, or that of its folder."""
    return (exercise.name,) if exercise.files else (f"{exercise.name}.ipynb", f"{exercise.name}.py")


def _exercise_table(course: Course, language: Language) -> str:
    rows = "\n".join(
        f"| {', '.join(f'`{n}`' for n in _name_files(e))} | {language(e.title)} |" for e in course.exercises
    )
    file, exercise = language(gettext("file")), language(gettext("exercise"))
    return f"| {file} | {exercise} |\n|---|---|\n{rows}"
