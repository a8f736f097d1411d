"""The modules of a course: executed from their text, in a package of their own.

They are never installed and never found through `sys.path`. One process can load several courses; no `__pycache__` is
left behind, and an edited file is never taken from an outdated one.
"""

import builtins
import hashlib
import importlib
import linecache
import re
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from importlib.util import decode_source, resolve_name
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from grader.core.errors import CourseError
from grader.core.questions.helper_modules import HELPER_PACKAGE
from grader.core.text.source_location import SourceLocation

_PACKAGE_NAME: Final = re.compile(r"\bgrader_course_[0-9a-f]{12}\.")
"""The beginning of a module's name that authors don't know."""


class CoursePackage:
    """The modules of one course folder, under a package name that no other folder has."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = "grader_course_" + hashlib.sha256(str(folder).encode()).hexdigest()[:12]
        for old in [n for n in sys.modules if n == self.name or n.startswith(self.name + ".")]:
            del sys.modules[old]
        self._on_demand: dict[str, Path] = {}
        self._helpers: dict[str, ModuleType] = {}
        self._files: dict[str, Path] = {}
        self.add("", folder)
        self.helper_sources: Mapping[str, str] = self._run_helpers()

    def add(self, name: str, folder: Path, *, on_demand: bool = False) -> None:
        """Make a package of a folder, so that `from . import solution` works in it.

        `on_demand`, its modules are executed by `run` when one of them imports another.
        """
        module = self._module(name)
        module.__package__ = module.__name__
        module.__path__ = [str(folder)]
        if on_demand:
            self._on_demand[module.__name__] = folder

    def add_files(self, exercise: str, folder: Path) -> None:
        """Make the modules below a folder importable in an exercise, under the paths that they have in the folder."""
        self._files[f"{self.name}.{exercise}"] = folder
        inner = sorted(one for one in folder.rglob("*") if one.is_dir() and one.name != "__pycache__")
        for package in (folder, *inner):
            dotted = ".".join((exercise, folder.name, *package.relative_to(folder).parts))
            self.add(dotted, package, on_demand=True)
            if (package / "__init__.py").is_file():
                self.run(dotted, package / "__init__.py", as_package=True)

    def get(self, name: str, file: Path) -> ModuleType:
        """Return a module that another one has imported, or execute its file."""
        return sys.modules.get(f"{self.name}.{name}") or self.run(name, file)

    def run(self, name: str, file: Path, *, as_package: bool = False) -> ModuleType:
        """Execute a file as a module of this package. Any exception in it becomes a CourseError with its line.

        `as_package`, it is the `__init__.py` of its folder.
        """
        module = self._module(name)
        module.__file__ = str(file)
        if as_package:
            module.__package__ = module.__name__
            module.__path__ = [str(file.parent)]
        # Only this module sees the course's helpers; `sys.modules` stays unchanged.
        module.__dict__["__builtins__"] = {**vars(builtins), "__import__": self._import}
        source = file.read_bytes()
        # Solutions print their results, but standard output is the command's result.
        with _raise_as_course_error(self.folder, file), redirect_stdout(StringIO()):
            _cache_source_lines(file, source)
            exec(compile(source, str(file), "exec", dont_inherit=True), module.__dict__)
        return module

    def _import(
        self, name: str, globals: Any = None, locals: Any = None, fromlist: tuple[str, ...] = (), level: int = 0
    ) -> Any:
        """Import like `__import__`, but also helper modules by their short names, and modules that run on demand."""
        if level == 0 and name in self._helpers:
            return self._helpers[name] if fromlist else self._helpers[name.partition(".")[0]]
        if level == 0 and globals and (base := self._find_files(name, globals.get("__name__", ""))):
            self._run_imported(f"{base}.{name}", fromlist or ())
            return importlib.import_module(f"{base}.{name if fromlist else name.partition('.')[0]}")
        if level > 0 and globals:
            self._run_imported(resolve_name("." * level + name, globals["__package__"]), fromlist or ())
        return __import__(name, globals, locals, fromlist, level)

    def _find_files(self, name: str, importer: str) -> str:
        """Return the package of the importer's exercise with the files' modules, if one of them has this name."""
        exercise = ".".join(importer.split(".")[:2])
        folder = self._files.get(exercise)
        top = name.partition(".")[0]
        if folder is None or not ((folder / top).is_dir() or (folder / f"{top}.py").is_file()):
            return ""
        return f"{exercise}.{folder.name}"

    def _run_imported(self, imported: str, items: Iterable[str]) -> None:
        """Execute the modules that an import needs of a package whose modules are executed on demand."""
        for module in (imported, *(f"{imported}.{item}" for item in items)):
            package, _, leaf = module.rpartition(".")
            folder = self._on_demand.get(package)
            if folder is None or module in sys.modules:
                continue
            if (folder / f"{leaf}.py").is_file():
                self.run(module.removeprefix(f"{self.name}."), folder / f"{leaf}.py")
            elif leaf == "solution" and not hasattr(sys.modules[package], leaf):
                raise ImportError("solution.py is one folder up: write from .. import solution")

    def _module(self, name: str) -> ModuleType:
        full = f"{self.name}.{name}".rstrip(".")
        module = ModuleType(full)
        parent, _, leaf = full.rpartition(".")
        module.__package__ = parent
        sys.modules[full] = module
        if parent:
            setattr(sys.modules[parent], leaf, module)
        return module

    def _run_helpers(self) -> dict[str, str]:
        """Run `common/*.py`, make the modules importable by their names, and return their sources by dotted name."""
        folder = self.folder / HELPER_PACKAGE
        if (folder / "__init__.py").exists():
            raise CourseError(
                f"{SourceLocation(str(folder / '__init__.py'))}: not needed: "
                f"put its code into {HELPER_PACKAGE}/functions.py"
            )
        files = sorted(folder.glob("*.py"))
        if not files:
            return {}
        self.add(HELPER_PACKAGE, folder)
        self._helpers[HELPER_PACKAGE] = sys.modules[f"{self.name}.{HELPER_PACKAGE}"]
        for file in files:
            dotted = f"{HELPER_PACKAGE}.{file.stem}"
            self._helpers[dotted] = self.run(dotted, file)
        return {HELPER_PACKAGE: ""} | {f"{HELPER_PACKAGE}.{file.stem}": file.read_text("utf-8-sig") for file in files}


def _cache_source_lines(file: Path, source: bytes) -> None:
    """Keep the compiled text for `inspect` and tracebacks, even if the file changes later."""
    lines = decode_source(source).splitlines(keepends=True)
    linecache.cache[str(file)] = (len(source), None, lines, str(file))


@contextmanager
def _raise_as_course_error(folder: Path, file: Path) -> Iterator[None]:
    try:
        yield
    except CourseError:
        raise
    except SyntaxError as error:
        where = SourceLocation(error.filename or str(file), error.lineno)
        raise CourseError(f"{where}: {error.msg}") from error
    except (Exception, SystemExit) as error:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(folder)]
        where = SourceLocation(frames[-1].filename, frames[-1].lineno) if frames else SourceLocation(str(file))
        message = _PACKAGE_NAME.sub("", " ".join(str(error).split()))
        raise CourseError(f"{where}: {type(error).__name__}: {message}") from error
