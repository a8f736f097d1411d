"""Where the checks lie in a release, and the version of their form."""

from typing import Final

FOLDER: Final = "checks"
NAME: Final = f"{FOLDER}/release.json"
FORMAT: Final = 1
