"""Modules that were handed in with a submission, imported under their own paths; they are the student's own code.

A module's statements run one by one, as those of a script do: one that raises doesn't stop the next one, so the import
itself succeeds, and the exception belongs to the file.
"""

import importlib
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Final

from grader.sandbox.inside.cell_notes import CellNotes

_INIT: Final = "__init__"

RunModule = Callable[[str, str, dict[str, Any]], BaseException | None]
"""Runs a module's source, by path, in a namespace, and returns the first exception."""


class SubmittedModules:
    """An importer of submitted modules: `models/linear.py` is `models.linear`, and `linear` if no other is called so.

    Folders without `__init__.py` are packages, too. A module is never found under a name that the standard library, an
    available package, the grader or a `given` module of the course has. `namespaces` are those of the modules that ran,
    by path.
    """

    def __init__(
        self, sources: Mapping[str, str], run: RunModule, remarks: CellNotes, given: Collection[str] = ()
    ) -> None:
        self._sources = sources
        self._run = run
        self._remarks = remarks
        taken = {name.partition(".")[0] for name in (*sys.stdlib_module_names, *sys.modules)}
        modules = {tuple(path.removesuffix(".py").removesuffix(f"/{_INIT}").split("/")): path for path in sources}
        folders = {parts[:end] for parts in modules for end in range(1, len(parts))}
        own = {parts: modules.get(parts, "") for parts in sorted({*modules, *folders})}
        self._paths = {".".join(parts): path for parts, path in own.items() if parts[0] not in taken}
        self._paths = {name: path for name, path in self._paths.items() if name not in given}
        """Paths by dotted name; empty for a folder without `__init__.py`."""
        ends = [(parts[start:], ".".join(parts)) for parts in own for start in range(1, len(parts))]
        count = Counter(end for end, _ in ends)
        self._aliases = {
            ".".join(end): full
            for end, full in ends
            if count[end] == 1 and full in self._paths and not {end[0], ".".join(end)} & {*taken, *given, *self._paths}
        }
        self.namespaces: dict[str, dict[str, Any]] = {}
        self._raised: dict[str, BaseException | None] = {}

    def __contains__(self, path: str) -> bool:
        return path in self._sources

    def run(self, path: str) -> BaseException | None:
        """Import a module by its path, if no other code has imported it, and return the exception that it raised."""
        if path not in self._raised:
            name = next((name for name, own in self._paths.items() if own == path), None)
            if name is not None:
                importlib.import_module(name)
            if path not in self._raised:  # it can't be imported, or the code has put something else in its place
                if name is None:
                    self._remarks.add(f"`{path[:80]}` can't be imported: its name is that of another module.")
                self._execute(path, {"__name__": path.removesuffix(".py").replace("/", "."), "__file__": path})
        return self._raised[path]

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Return the spec of a submitted module or package; None for all others."""
        full = name if name in self._paths else self._aliases.get(name)
        if full is None:
            return None
        is_package = not self._paths[full] or self._paths[full].endswith(f"{_INIT}.py")
        return ModuleSpec(name, self, is_package=is_package)  # type: ignore[arg-type]  # it has a loader's methods

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Return the existing module for a shorter name; otherwise let Python create one."""
        return None if spec.name in self._paths else importlib.import_module(self._aliases[spec.name])

    def exec_module(self, module: ModuleType) -> None:
        """Run a module's source; under a shorter name it ran already."""
        spec = module.__spec__
        path = self._paths.get(spec.name, "") if spec else ""
        if path:
            module.__file__ = path
            self._execute(path, module.__dict__)

    def _execute(self, path: str, namespace: dict[str, Any]) -> None:
        self.namespaces[path] = namespace
        self._raised[path] = None
        self._raised[path] = self._run(path, self._sources[path], namespace)


class AnswerNames(Mapping[str, Any]):
    """The names in which answers are looked up, each in its own module first if it has one.

    Then the names of the cells follow, and, for a name without a module of its own, those of all modules in order.
    """

    def __init__(
        self, cells: Mapping[str, Any], modules: Mapping[str, Mapping[str, Any]], files_by_name: Mapping[str, str]
    ) -> None:
        """`modules` are the namespaces by path, of those that ran."""
        self._cells = cells
        self._modules = modules
        self._files_by_name = files_by_name

    def __getitem__(self, name: str) -> Any:
        for namespace in self._list_namespaces(name):
            if name in namespace:
                return namespace[name]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter({name: None for namespace in (self._cells, *self._modules.values()) for name in list(namespace)})

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _list_namespaces(self, name: str) -> list[Mapping[str, Any]]:
        own = self._files_by_name.get(name)
        if own is None:
            return [self._cells, *self._modules.values()]
        return [self._modules.get(own, {}), self._cells]
