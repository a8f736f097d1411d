"""The modules that student code can import: those imported before confinement. See `course_modules` for the course's.

No file can be opened in the sandbox, so this list *is* the list of modules that may be imported.
"""

import importlib
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from grader.sandbox.inside import library_modules, plotting, randomness
from grader.sandbox.inside.cell_notes import CellNotes
from grader.sandbox.inside.missing_modules import MissingModule

STANDARD_MODULES: Final = (
    *("abc", "argparse", "array", "ast", "asyncio", "base64", "bisect", "builtins", "bz2", "calendar", "cmath"),
    *("codecs", "collections.abc", "contextlib", "copy", "csv", "ctypes", "ctypes.util", "dataclasses"),
    *("datetime", "decimal", "difflib", "dis", "enum", "errno", "fractions", "functools", "gc", "getpass", "glob"),
    *("gzip", "hashlib", "heapq", "html", "inspect", "io", "itertools", "json", "keyword", "linecache", "locale"),
    *("logging", "lzma", "math", "numbers", "operator", "os", "os.path", "pathlib", "pickle", "platform"),
    *("pprint", "queue", "random", "re", "secrets", "shutil", "signal", "socket", "statistics", "string"),
    *("struct", "subprocess", "sys", "tempfile", "textwrap", "threading", "time", "timeit", "token", "tokenize"),
    *("traceback", "types", "typing", "unicodedata", "unittest", "urllib.request", "uuid", "warnings", "weakref"),
    *("zipfile", "zlib", "_strptime", "multiprocessing", "concurrent.futures", "concurrent.futures.thread"),
    *("encodings.idna", "encodings.utf_16", "encodings.latin_1", "encodings.cp437", "encodings.cp850"),
    *("encodings.cp1250", "encodings.cp1251", "encodings.cp1252", "encodings.utf_8_sig", "encodings.iso8859_1"),
    *("encodings.iso8859_2", "encodings.iso8859_15", "encodings.mac_roman", "encodings.gb18030", "encodings.gbk"),
    *("encodings.euc_kr", "encodings.koi8_r", "encodings.shift_jis", "encodings.cp932", "encodings.euc_jp"),
    *("__future__", "pydoc", "pydoc_data.topics"),
)
NUMPY_MODULES: Final = (
    *("numpy", "numpy.linalg", "numpy.random", "numpy.fft", "numpy.ma", "numpy.polynomial", "numpy.lib"),
    *("numpy.lib.stride_tricks", "numpy.testing", "numpy.typing", "numpy.exceptions", "numpy.dtypes"),
)
_STANDARD_PACKAGES: Final = frozenset(name.partition(".")[0] for name in (*STANDARD_MODULES, "numpy", "tarfile"))


@dataclass(frozen=True)
class PreloadedState:
    """The results of preloading that the children need.

    `seed_all` starts all random generators from a number; `files` can be read inside the sandbox, by path. `packages`
    are the packages that were imported; None: more than the standard library and numpy.
    """

    seed_all: Callable[[int], None]
    remarks: CellNotes
    files: Mapping[str, bytes]
    packages: Collection[str] | None


def preload(extra: Sequence[str] = ()) -> PreloadedState:
    """Import every module once, and run code that the children will need, so that its memory pages are shared."""
    for name in (*STANDARD_MODULES, *NUMPY_MODULES):
        importlib.import_module(name)
    _warm_numpy()
    remarks = CellNotes()
    files: Mapping[str, bytes] = {}
    for name in sorted(extra, key=lambda name: not _is_plotter(name)):  # matplotlib's settings precede its import
        try:
            if _is_plotter(name) and not files:
                files = plotting.preload_matplotlib(remarks)
            library_modules.load(name)
        except Exception:  # the course allows it but this machine lacks it: students get a stand-in
            continue
    files = {**files, **library_modules.read_files()}
    sys.path.clear()
    sys.argv[:] = ["notebook"]
    return PreloadedState(randomness.install_seeding(), remarks, files, None if extra else _STANDARD_PACKAGES)


def _is_plotter(name: str) -> bool:
    return name.partition(".")[0] in ("matplotlib", "mpl_toolkits", "seaborn")


def _warm_numpy() -> None:
    import numpy as np

    np.f2py = sys.modules["numpy.f2py"] = MissingModule(
        "numpy.f2py"
    )  # a compiler of 10 MB that only `import *` would load
    exec("from numpy import *", {})
    a = np.ones((8, 8))
    (a @ a).sum(axis=0)
    np.linalg.inv(np.eye(3))
    np.random.default_rng(0).normal(size=3)
    str(a)
