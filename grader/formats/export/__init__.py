"""Scores for other systems: one module per format, which `registry` finds.

The functions return bytes or data and neither read nor write files. Scores that could not be filled in are reported in
sentences.
"""
