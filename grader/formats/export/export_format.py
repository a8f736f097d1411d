"""An export format: its name and description, its options, and the function that writes it.

Each format is the constant `FORMAT` of a module in this folder; `registry` finds them all. A table has the scores of a
class in one file; results are one file per submission.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from grader.core.report.gradebook import Gradebook
from grader.core.report.report import Report
from grader.core.text.messages import MessageLike
from grader.formats.row_count import FilledRowCount


@dataclass(frozen=True)
class ExportOption:
    """An option of a format. If `is_file` is true, its value is the name of a file, which the format gets as bytes.

    `choices` are its possible values, the first being the default; without choices, any text is possible. If
    `needs_exercise` is true, the option can be used for one exercise only.
    """

    name: str
    metavar: str
    help: str
    is_file: bool = field(default=False, kw_only=True)
    is_repeatable: bool = field(default=False, kw_only=True)
    needs_exercise: bool = field(default=False, kw_only=True)
    choices: tuple[str, ...] = field(default=(), kw_only=True)


@dataclass(frozen=True)
class OptionValues:
    """The values of a format's options: texts, and the contents of files. Options that weren't given are missing."""

    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    def choice(self, option: ExportOption) -> str:
        """Return the chosen value of an option, else its default."""
        return self.texts.get(option.name, option.choices)[0]


@dataclass(frozen=True)
class ExportedTable:
    """A file with scores: the number of its rows or scores, the noun for them, and remarks on what is missing.

    `rows` counts the rows of the template; None without one.
    """

    data: bytes
    count: int
    noun: str
    remarks: tuple[str, ...] = ()
    rows: FilledRowCount | None = None


@dataclass(frozen=True)
class ExportFormat:
    """A format. `description` says in a few words what the file is, in help and portal.

    If `is_whole_class` is false, the portal offers a file per exercise only.
    """

    name: str
    description: MessageLike
    options: tuple[ExportOption, ...] = field(default=(), kw_only=True)
    is_whole_class: bool = field(default=True, kw_only=True)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class TableFormat(ExportFormat):
    """A format with the scores of the class in one file. If `has_comments` is true, it gets comments for students."""

    render: Callable[[Gradebook, OptionValues], ExportedTable]
    ending: str = field(default="csv", kw_only=True)
    has_comments: bool = field(default=False, kw_only=True)


@dataclass(frozen=True)
class ResultsFormat(ExportFormat):
    """A format with one file per submission, `file_name` in a folder of the submission."""

    render: Callable[[Report, OptionValues], bytes]
    file_name: str


AnyExportFormat = TableFormat | ResultsFormat
