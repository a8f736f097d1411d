"""The downloads of other systems, one module per system; a module that lies here is found, nothing else names it.

Each has `DETECTION_RANK` (int: lower ranks are asked first, those whose marks are surer), `matches(files)`, whether a
download looks like the system's, and `read_claims(files)`, a FileClaim per notebook and script.
"""
