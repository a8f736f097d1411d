"""Grades deep-learning exercises in plain numpy: code runs in a sandbox, and the feedback says how a tensor is wrong.

Nothing is imported here: `grader --help` must start at once, and the sandbox must not carry the judge's modules.
"""

__version__ = "0.1.0"
