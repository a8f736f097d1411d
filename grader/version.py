"""The program's version and the name of its wheel. It stands alone, so that every layer may import it."""

from typing import Final

__version__: Final = "0.1.0"
DISTRIBUTION: Final = "numgrader"
"""The name that pip knows the program by; the package and the command are called `grader`."""
WHEEL_NAME: Final = f"{DISTRIBUTION}-{__version__}-py3-none-any.whl"
