"""Scores for other systems: the program's own tables and JSON, Canvas, Moodle, Gradescope.

The functions return bytes or data and neither read nor write files. Scores that could not be filled in are reported in
sentences.
"""
