"""A data file of an exercise: its name among the student's files, and its place on this machine."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

MAX_DATA_FILE_BYTES: Final = 64 * 2**20
"""Greatest size of one data file."""
MAX_DATA_BYTES: Final = 128 * 2**20
"""Greatest size of all data files of an exercise together."""
MAX_DATA_FILES: Final = 1000
"""Greatest number of data files of an exercise."""


@dataclass(frozen=True)
class DataFile:
    """One file. `name` is its path beside the notebook, such as `data/housing.csv`; `size` is in bytes."""

    name: str
    path: PurePath
    size: int
