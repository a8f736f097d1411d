"""The downloads of other systems, one module per system; every module in this folder is discovered and registered.

Each has `DETECTION_RANK` (int: systems with lower ranks, which are easier to recognise, are tried first),
`matches(files)`, which returns whether a download looks like the system's, and `read_claims(files)`, which returns a
FileClaim for each file that is not metadata.
"""
