"""Modules that a cell wrote with `%%writefile`, imported from their text; they are the student's own code."""

from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from grader.sandbox.inside import tracebacks
from grader.sandbox.inside.magics import WrittenModule


class WrittenModuleFinder:
    """An importer of written modules; `common/functions.py` is found as `common.functions`.

    A module gets the cells' builtins, which record blanks.
    """

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace
        self._sources: dict[str, str] = {}

    def write(self, module: WrittenModule) -> None:
        """Keep a module's text under its path."""
        before = self._sources.get(module.path, "") if module.append else ""
        self._sources[module.path] = before + module.text

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Return the spec of a module or package that was written; None for all others."""
        if not self._sources:
            return None
        base = name.replace(".", "/")
        if not any(
            each in (f"{base}.py", f"{base}/__init__.py") or each.startswith(f"{base}/") for each in self._sources
        ):
            return None
        return ModuleSpec(name, self, is_package=f"{base}.py" not in self._sources)  # type: ignore[arg-type]  # it has a loader's methods

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Let Python create the module."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's text."""
        base = module.__name__.replace(".", "/")
        path = f"{base}.py" if f"{base}.py" in self._sources else f"{base}/__init__.py"
        source = self._sources.get(path, "")
        tracebacks.register_source(path, source)
        module.__dict__["__builtins__"] = self._namespace.get("__builtins__", __builtins__)
        exec(compile(source, tracebacks.make_cell_filename(path), "exec", dont_inherit=True), module.__dict__)
