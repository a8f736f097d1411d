"""The helper modules that the course gives, made when they are imported: most submissions never ask for one."""

import importlib
from collections.abc import Callable, Mapping
from importlib.machinery import ModuleSpec
from types import ModuleType

from grader.sandbox.inside.missing_modules import COURSE_MODULE_SUFFIX, MissingObject
from grader.sandbox.inside.notes import CellNotes


class CourseModuleFinder:
    """An importer of modules from their source by dotted name. The source can't be looked up.

    `common.functions` is also found as `functions`, and what a module doesn't have is a stand-in.
    """

    def __init__(self, sources: Mapping[str, str], remarks: CellNotes) -> None:
        self._sources = sources
        self._remarks = remarks
        inner = (name.rpartition(".") for name in sorted(sources, reverse=True))
        self._short = {last: f"{parent}.{last}" for parent, _, last in inner if parent in sources}

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """The spec of a module of the course's; None for all others."""
        if name not in self._sources and name not in self._short:
            return None
        return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]  # a loader by its methods

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """The module itself under its short name; else Python makes one."""
        return None if spec.name in self._sources else importlib.import_module(self._short[spec.name])

    def exec_module(self, module: ModuleType) -> None:
        """Runs its source once; a source that fails leaves what it made so far, and a remark."""
        name = module.__name__
        if "__getattr__" in module.__dict__:
            return  # met again under its short name
        try:
            code = compile(self._sources[name], name + COURSE_MODULE_SUFFIX, "exec", dont_inherit=True)
            exec(code, module.__dict__)
        except Exception as error:
            self._remarks.add(f"`{name}`, which the course gives, could not be loaded: {type(error).__name__}.")
        module.__dict__.setdefault("__getattr__", self._stand_in(name))

    def _stand_in(self, module: str) -> Callable[[str], object]:
        def missing(name: str) -> object:
            if name.startswith("__"):
                raise AttributeError(f"module {module!r} has no attribute {name!r}")
            if f"{module}.{name}" in self._sources:
                return importlib.import_module(f"{module}.{name}")
            self._remarks.add(f"`{module}` as the course gives it has no `{name[:60]}`; what uses it raises an error.")
            return MissingObject(f"{module}.{name}")

        return missing
