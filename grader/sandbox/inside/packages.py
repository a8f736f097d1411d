"""What student code can import: what was imported before the wall closed. The rest gets a stand-in.

No file can be opened behind the wall, so this list *is* the list of what may be imported. An import of anything else
binds a stand-in that raises when it is used, so that a notebook which imports pandas and never touches it goes on.
"""

import importlib
import random
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Final

STANDARD: Final = (
    *("abc", "array", "ast", "base64", "bisect", "builtins", "calendar", "cmath", "codecs", "collections.abc"),
    *("contextlib", "copy", "csv", "ctypes", "dataclasses", "datetime", "decimal", "difflib", "dis", "enum"),
    *("fractions", "functools", "gc", "glob", "gzip", "hashlib", "heapq", "html", "inspect", "io", "itertools"),
    *("json", "keyword", "linecache", "locale", "logging", "math", "numbers", "operator", "os", "os.path", "pathlib"),
    *("pickle", "platform", "pprint", "queue", "random", "re", "secrets", "shutil", "signal", "socket", "statistics"),
    *("string", "struct", "subprocess", "sys", "tempfile", "textwrap", "threading", "time", "timeit", "token"),
    *("tokenize", "traceback", "types", "typing", "unicodedata", "urllib.request", "uuid", "warnings", "weakref"),
    *("zlib", "encodings.idna", "encodings.utf_16", "encodings.latin_1", "multiprocessing", "concurrent.futures"),
)
NUMPY: Final = (
    *("numpy", "numpy.linalg", "numpy.random", "numpy.fft", "numpy.ma", "numpy.polynomial", "numpy.lib"),
    *("numpy.lib.stride_tricks", "numpy.testing", "numpy.typing", "numpy.exceptions", "numpy.dtypes"),
)
MUTED: Final = ("google", "IPython", "ipywidgets")
"""Packages of the notebook's surroundings: what they are asked for is not done, and that is no error."""


@dataclass(frozen=True)
class Warm:
    """What preloading leaves for the children: how to start all random generators from a number."""

    reseed: Callable[[int], None]
    quiet: Callable[[], Any]


def preload(extra: Sequence[str] = ()) -> Warm:
    """Imports everything once, and runs once through what children will need, so that its pages are shared."""
    for name in (*STANDARD, *NUMPY):
        importlib.import_module(name)
    import numpy as np

    a = np.ones((8, 8))
    (a @ a).sum(axis=0)
    np.linalg.inv(np.eye(3))
    np.random.default_rng(0).normal(size=3)
    str(a)
    if "matplotlib" in extra:
        _warm_matplotlib()
    for name in extra:
        try:
            importlib.import_module(name)
        except ImportError:  # the course allows it, this machine doesn't have it: students get the stand-in
            continue
    sys.path.clear()
    return Warm(_reseeder(), lambda: np.errstate())


def _warm_matplotlib() -> None:
    import io

    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots()
    axes.plot([0, 1], [0, 1], label="y")
    axes.set_title("é $x^2$")
    axes.legend()
    figure.savefig(io.BytesIO(), format="png")
    plt.close("all")


def _reseeder() -> Callable[[int], None]:
    """A function that starts `random`, `numpy.random` and every unseeded `default_rng()` from a number."""
    import numpy as np
    from numpy.random import bit_generator

    seed_global = np.random.seed
    seed_random = random.seed
    entropy = random.Random()

    def randbits(bits: int) -> int:
        return entropy.getrandbits(bits)

    bit_generator.randbits = randbits  # type: ignore[attr-defined]  # where SeedSequence(None) draws

    def reseed(number: int) -> None:
        seed_random(number)
        seed_global(number)
        entropy.seed(number)

    return reseed


class Absent:
    """Anything taken from a package that isn't here: raises when used, or stays silent if its package is muted."""

    def __init__(self, name: str, *, muted: bool) -> None:
        self.__dict__.update(_name=name, _muted=muted)

    def _refuse(self, *_: Any, **__: Any) -> "Absent":
        if not self._muted:
            raise ModuleNotFoundError(f"{self._name} is not available here")
        return self

    def __getattr__(self, name: str) -> "Absent":
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent(f"{self._name}.{name}", muted=bool(self._muted))

    __call__ = __getitem__ = __iter__ = __enter__ = __mro_entries__ = _refuse
    __add__ = __sub__ = __mul__ = __truediv__ = __matmul__ = __setitem__ = __len__ = _refuse

    def __exit__(self, *_: object) -> None:
        """Leaves a muted context."""


class StandIn(ModuleType):
    """A module that isn't here."""

    __all__: tuple[str, ...] = ()

    def __getattr__(self, name: str) -> Absent:
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent(f"{self.__name__}.{name}", muted=self.__name__.split(".")[0] in MUTED)


class Finder:
    """The only importer behind the wall: every module that is not loaded already becomes a StandIn, with a remark."""

    def __init__(self) -> None:
        self.remarks: list[str] = []

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Takes every name, except that of a submodule of a real package."""
        parent = sys.modules.get(name.rpartition(".")[0])
        if parent is not None and not isinstance(parent, StandIn):
            return None
        return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]  # a loader by its methods

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """A StandIn, told of once."""
        top = spec.name.split(".")[0]
        remark = f"`{top}` is not available here; what uses it raises an error, the rest runs."
        if top not in MUTED and remark not in self.remarks:
            self.remarks.append(remark)
        module = StandIn(spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to do."""


def supply(modules: Iterable[tuple[str, str]]) -> None:
    """Makes the course's helper modules importable, parents before children. Their source can't be looked up."""
    for name, source in sorted(modules):
        module = ModuleType(name)
        module.__path__ = []
        sys.modules[name] = module
        parent, _, last = name.rpartition(".")
        if parent in sys.modules:
            setattr(sys.modules[parent], last, module)
        exec(compile(source, f"{name} (given by the course)", "exec"), module.__dict__)
