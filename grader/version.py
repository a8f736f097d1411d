"""The program's version. It stands alone, so that every layer may import it."""

from typing import Final

__version__: Final = "0.1.0"
