"""The loaders of available modules can't read other files."""

import importlib.util
import linecache
import sys
import zipimport


def attack(facts):
    loot = []
    for module in list(sys.modules.values()):
        loader = getattr(module, "__loader__", None)
        if hasattr(loader, "get_data"):
            try:
                loot.append(loader.get_data(facts["secret_path"])[:10])
            except (OSError, TypeError, KeyError):
                pass
    spec = importlib.util.spec_from_file_location("stolen", facts["secret_path"] + ".py")
    try:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
        loot.append("executed")
    except OSError:
        pass
    if linecache.getlines(facts["secret_path"]):
        loot.append("linecache")
    try:
        zipimport.zipimporter(facts["secret_path"])
        loot.append("zip")
    except (ImportError, OSError):
        pass
    return loot
