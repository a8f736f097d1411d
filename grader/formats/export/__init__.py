"""Scores for other systems: tables and JSON of our own, Canvas, Moodle, Gradescope. Each returns bytes or data.

None of them reads or writes a file; what could not be filled in is told in sentences.
"""
