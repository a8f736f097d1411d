"""The course's helper modules, created when they are imported, because most submissions never import one."""

import importlib
from collections.abc import Callable, Mapping
from importlib.machinery import ModuleSpec
from types import ModuleType

from grader.sandbox.inside.cell_notes import CellNotes
from grader.sandbox.inside.missing_modules import COURSE_MODULE_SUFFIX, MissingObject


class CourseModuleFinder:
    """An importer of modules from their source by dotted name. Student code can't read the source.

    `common.functions` is also found as `functions`; a name that a module doesn't define gives a stand-in.
    """

    def __init__(self, sources: Mapping[str, str], remarks: CellNotes) -> None:
        self._sources = sources
        self._remarks = remarks
        inner = (name.rpartition(".") for name in sorted(sources, reverse=True))
        self._short = {last: f"{parent}.{last}" for parent, _, last in inner if parent in sources}

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Return the spec of one of the course's modules; None for all others."""
        if name not in self._sources and name not in self._short:
            return None
        return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]  # it has a loader's methods

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Return the existing module for its short name; otherwise let Python create one."""
        return None if spec.name in self._sources else importlib.import_module(self._short[spec.name])

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's source once; a source that fails leaves the names made so far, and a remark."""
        name = module.__name__
        if "__getattr__" in module.__dict__:
            return  # already run under its full name
        try:
            code = compile(self._sources[name], name + COURSE_MODULE_SUFFIX, "exec", dont_inherit=True)
            exec(code, module.__dict__)
        except Exception as error:
            self._remarks.add(f"`{name}`, which the course provides, could not be loaded: {type(error).__name__}.")
        module.__dict__.setdefault("__getattr__", self._stand_in(name))

    def _stand_in(self, module: str) -> Callable[[str], object]:
        def missing(name: str) -> object:
            if name.startswith("__"):
                raise AttributeError(f"module {module!r} has no attribute {name!r}")
            if f"{module}.{name}" in self._sources:
                return importlib.import_module(f"{module}.{name}")
            self._remarks.add(f"The course's `{module}` has no `{name[:60]}`: code that uses it raises an error.")
            return MissingObject(f"{module}.{name}")

        return missing
