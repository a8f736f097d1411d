"""The modules of a library that student code needs besides the library itself, and the files that it reads.

Many libraries import a part of themselves only when it is used. In the sandbox that is too late.
"""

import contextlib
import importlib
import pkgutil
import re
import sys
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Final

_DEPTHS: Final[Mapping[str, int]] = {
    "scipy": 1,
    "sklearn": 1,
    "PIL": 1,
    "jinja2": 1,
    "sympy": 2,
    "pandas": 9,
    "openpyxl": 9,
    "tzdata": 9,
}
"""Libraries whose submodules are imported with them, down to this depth."""
_ALSO: Final[Mapping[str, tuple[str, ...]]] = {
    "importlib": ("importlib.resources", "importlib.readers", "importlib.resources.readers", "zoneinfo"),
    "pandas": ("openpyxl", "jinja2", "pytz", "tzdata"),
    "scipy": ("scipy.io._fast_matrix_market._fmm_core",),
    "sklearn": ("sklearn.datasets.data", "sklearn.datasets.descr", "sklearn.utils._repr_html.estimator"),
    "statsmodels": ("statsmodels.api", "statsmodels.formula.api"),
    "sympy": ("sympy.abc", "sympy.plotting"),
}
"""Modules that are imported with a library, if they are installed."""
_FILES: Final[Mapping[str, tuple[str, ...]]] = {
    "pandas.io.formats": ("templates/*",),
    "sklearn.datasets": ("data/*", "descr/*", "images/*"),
    "sklearn.utils._repr_html": ("*.css", "*.js"),
    "tzdata.zoneinfo": ("*", "*/*", "*/*/*"),
    "statsmodels.datasets": ("*/*.csv",),
}
"""Files that a loaded module reads from its own folder."""
_WARM_UPS: Final[Mapping[str, str]] = {
    "sklearn": """
from sklearn.cluster import KMeans
from sklearn.pipeline import make_pipeline
model = make_pipeline(KMeans(2, n_init=1)).fit([[0.0], [1.0], [2.0]])
repr(model), model._repr_html_()
""",
}
"""Code that makes a library import, and find out about the machine, what it otherwise would at its first use."""
_LEFT_OUT: Final = re.compile(
    r"(^|\.)(tests?|testing|conftest|setup|__main__|_test\w*|test_\w*|externals|_build_utils|_numba|cupy|torch"
    r"|arrow)(\.|$)"
)
"""Parts of libraries for their own tests, or for other libraries."""


def load(name: str) -> None:
    """Import a library, or a module of it by its dotted name, with what it needs later. Raises ImportError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = importlib.import_module(name)
        _load_submodules(module, _DEPTHS.get(name, 0))
        for other in (*_ALSO["importlib"], *_ALSO.get(name, ())):
            if (found := _try_import(other)) is not None:
                _load_submodules(found, _DEPTHS.get(other, 0))
        with contextlib.suppress(Exception):  # another version of the library
            exec(_WARM_UPS.get(name, ""), {})


def read_files() -> dict[str, bytes]:
    """Return the files of the loaded libraries that their functions read, by path."""
    files = {}
    for name, patterns in _FILES.items():
        module = sys.modules.get(name)
        for folder in getattr(module, "__path__", ()):
            for pattern in patterns:
                files.update({str(f): f.read_bytes() for f in sorted(Path(folder).glob(pattern)) if f.is_file()})
    return files


def _load_submodules(module: ModuleType, depth: int) -> None:
    for name, is_package in _list_submodules(module) if depth else ():
        found = _try_import(name)
        if is_package and found is not None:
            _load_submodules(found, depth - 1)


def _list_submodules(module: ModuleType) -> Iterator[tuple[str, bool]]:
    for info in pkgutil.iter_modules(getattr(module, "__path__", ()), f"{module.__name__}."):
        draws = info.name.endswith("._matplotlib") and "matplotlib" not in sys.modules
        if not draws and not _LEFT_OUT.search(info.name):
            yield info.name, info.ispkg


def _try_import(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except Exception:  # a part for a library that isn't installed
        return None
