"""Edits of a program: small changes of a syntax tree, as a learner makes a mistake or mends one.

edit          an edit: its kind, its place in the source, the text before and after
operators     comparisons, signs, operators, operands, constants
calls         axes, kept axes, transpositions, arguments, exchanged functions
statements    statements that are dropped or moved
source_text   the text of a syntax tree's nodes, as it is written
catalogue     all edits of a program

It needs nothing but the standard library, so that it can run behind the wall too.
"""
