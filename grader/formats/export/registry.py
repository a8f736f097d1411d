"""The registry of export formats: every module of this folder with a `FORMAT`."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from grader.formats import export
from grader.formats.export.export_format import AnyExportFormat, ExportOption


def find_export_formats() -> dict[str, AnyExportFormat]:
    """Return the formats by name: those of the whole class first, then by name."""
    modules = [import_module(f"{export.__name__}.{found.name}") for found in iter_modules(export.__path__)]
    formats: list[AnyExportFormat] = [module.FORMAT for module in modules if hasattr(module, "FORMAT")]
    return {one.name: one for one in sorted(formats, key=lambda one: (not one.is_whole_class, one.name))}


EXPORT_FORMATS: Final[Mapping[str, AnyExportFormat]] = find_export_formats()
"""All formats by name."""


def find_export_options(formats: Mapping[str, AnyExportFormat] = EXPORT_FORMATS) -> dict[str, dict[str, ExportOption]]:
    """Return all options by name; each by the names of the formats that have it."""
    found: dict[str, dict[str, ExportOption]] = {}
    for one in formats.values():
        for option in one.options:
            found.setdefault(option.name, {})[one.name] = option
    return found
