"""Stand-ins for modules that aren't available, so that a notebook which imports one without using it continues."""

import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from types import FrameType, ModuleType
from typing import Any, Final

from grader.sandbox.inside import tracebacks
from grader.sandbox.inside.cell_notes import CellNotes

SILENCED_PACKAGES: Final = ("google", "IPython", "ipywidgets")
"""Packages of the notebook environment: calls to them do nothing and are not errors."""
COURSE_MODULE_SUFFIX: Final = " (given by the course)"
"""Suffix of the file names of helper modules."""


class MissingObject:
    """Any attribute of a missing package: raises when it is used, or does nothing if its package is silenced."""

    def __init__(self, name: str, *, muted: bool = False) -> None:
        self.__dict__.update(_name=name, _muted=muted)

    def _refuse(self, *_: Any, **__: Any) -> "MissingObject":
        if not self._muted:
            raise ModuleNotFoundError(f"{self._name} is not available here")
        return self

    def __getattr__(self, name: str) -> "MissingObject":
        if name.startswith("__"):
            raise AttributeError(f"{self._name} is not available here, and has no {name}")
        return MissingObject(f"{self._name}.{name}", muted=bool(self._muted))

    __call__ = __getitem__ = __setitem__ = __enter__ = __mro_entries__ = __array__ = __float__ = _refuse
    __add__ = __sub__ = __mul__ = __truediv__ = __matmul__ = __pow__ = __neg__ = _refuse
    __radd__ = __rsub__ = __rmul__ = __rtruediv__ = __rmatmul__ = __rpow__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = _refuse

    def __or__(self, other: Any) -> "MissingObject":
        """Return a stand-in, so that annotations such as `pandas.DataFrame | None` don't raise."""
        return self

    __ror__ = __or__

    def __iter__(self) -> Iterator[Any]:
        self._refuse()
        return iter(())

    def __len__(self) -> int:
        self._refuse()
        return 0

    def __exit__(self, *_: object) -> None:
        """Leave a silenced context."""

    def __instancecheck__(self, instance: object) -> bool:
        """Return False: no object is an instance of a missing type."""
        return False


class MissingModule(ModuleType):
    """A stand-in for a module that isn't available."""

    __all__: tuple[str, ...] = ()
    __version__ = "not available here"

    def __getattr__(self, name: str) -> MissingObject:
        if name.startswith("__"):
            raise AttributeError(f"{self.__name__} is not available here, and has no {name}")
        return MissingObject(f"{self.__name__}.{name}", muted=self.__name__.split(".")[0] in SILENCED_PACKAGES)


class MissingModuleFinder:
    """The only importer in the sandbox: a module that isn't loaded becomes a MissingModule, with a remark.

    Libraries that look for optional dependencies get an ImportError, and so does a cell that is prepared for it
    (`optional`: file and line of an import in a `try`).
    """

    def __init__(self, remarks: CellNotes, optional: set[tuple[str, int]]) -> None:
        self._remarks = remarks
        self._optional = optional

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Return a stand-in's spec for an import in a cell or helper module; None for all others."""
        importer = _find_importer(sys._getframe(1))
        if importer is None or importer in self._optional:
            return None
        return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]  # it has a loader's methods

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return a stand-in, with a remark about it the first time."""
        module = MissingModule(spec.name)
        module.__path__ = []
        top, _, rest = spec.name.partition(".")
        if top in SILENCED_PACKAGES:
            if rest == "colab":
                self._remarks.add("This is not Google Colab: nothing is mounted, loaded or saved.")
        elif not isinstance(sys.modules.get(spec.name.rpartition(".")[0]), MissingModule):
            self._remarks.add(f"`{spec.name}` is not available here: code that uses it raises an error, the rest runs.")
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing."""


def _find_importer(frame: FrameType | None) -> tuple[str, int] | None:
    """Return file and line of an import in student code or a helper module; None for a library's import.

    `from package import name` also looks for a submodule if a real package has no such name; that error is left to
    Python.
    """
    while frame is not None and frame.f_code.co_filename.startswith("<frozen importlib"):
        if frame.f_code.co_name == "_handle_fromlist":
            return None
        frame = frame.f_back
    if frame is None:
        return None
    file = frame.f_code.co_filename
    ours = tracebacks.is_student_code(file) or file.endswith(COURSE_MODULE_SUFFIX)
    return (file, frame.f_lineno) if ours else None
