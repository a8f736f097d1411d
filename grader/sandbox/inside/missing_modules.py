"""What stands in for a module that isn't here, so that a notebook which imports it and never uses it goes on."""

import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from types import FrameType, ModuleType
from typing import Any, Final

from grader.sandbox.inside import tracebacks
from grader.sandbox.inside.notes import CellNotes

SILENCED_PACKAGES: Final = ("google", "IPython", "ipywidgets")
"""Packages of a notebook's surroundings: what they are asked for is not done, and that is no error."""
COURSE_MODULE_SUFFIX: Final = " (given by the course)"
"""Ends the file name of helper modules."""


class MissingObject:
    """Anything taken from a package that isn't here: raises when used, or does nothing if its package is muted."""

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
        """An annotation such as `pandas.DataFrame | None` is no use."""
        return self

    __ror__ = __or__

    def __iter__(self) -> Iterator[Any]:
        self._refuse()
        return iter(())

    def __len__(self) -> int:
        self._refuse()
        return 0

    def __exit__(self, *_: object) -> None:
        """Leaves a muted context."""

    def __instancecheck__(self, instance: object) -> bool:
        """Nothing is an instance of a type that isn't here."""
        return False


class MissingModule(ModuleType):
    """A module that isn't here."""

    __all__: tuple[str, ...] = ()
    __version__ = "not available here"

    def __getattr__(self, name: str) -> MissingObject:
        if name.startswith("__"):
            raise AttributeError(f"{self.__name__} is not available here, and has no {name}")
        return MissingObject(f"{self.__name__}.{name}", muted=self.__name__.split(".")[0] in SILENCED_PACKAGES)


class MissingModuleFinder:
    """The only importer behind the wall: what a cell imports and isn't loaded becomes a StandIn, with a remark.

    Libraries which look for one another get the truth, and so does a cell that is ready for it (`optional`: file and
    line of an import in a `try`).
    """

    def __init__(self, remarks: CellNotes, optional: set[tuple[str, int]]) -> None:
        self._remarks = remarks
        self._optional = optional

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """A StandIn's spec for a statement in a cell or in a helper module; None for all others."""
        importer = _find_importer(sys._getframe(1))
        if importer is None or importer in self._optional:
            return None
        return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]  # a loader by its methods

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """A StandIn, told of once."""
        module = MissingModule(spec.name)
        module.__path__ = []
        top, _, rest = spec.name.partition(".")
        if top in SILENCED_PACKAGES:
            if rest == "colab":
                self._remarks.add("This is not Google Colab: nothing is mounted, loaded or saved.")
        elif not isinstance(sys.modules.get(spec.name.rpartition(".")[0]), MissingModule):
            self._remarks.add(f"`{spec.name}` is not available here; what uses it raises an error, the rest runs.")
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to do."""


def _find_importer(frame: FrameType | None) -> tuple[str, int] | None:
    """File and line of the import statement, if it is student code or a helper's; None for a library's.

    `from package import name` looks for a submodule where a real package has no such name: that is for Python to tell.
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
