"""Verify a course before its release: its files, references, solutions, templates, mistakes, and trivial answers.

course        all findings of a course: problems, which prevent a release, and warnings
references    the reference of a check is finite, and the same in every call
submissions   solutions, untouched templates, known mistakes and example submissions get the right results
precision     right answers in float32 pass, and mistakes in float32 or float16 don't
trivial       answers without any calculation earn nothing
declarations  what is compared, and what students read, is what the author meant
files         templates are up to date, and students have the helpers that solutions use

Beyond these, on request:

mutants       the wrong edits of a solution
mutation      how many of them lose points, and which don't
equivalents   edits that are declared harmless agree with the solution on 1,000 inputs

Each yields its findings, one sentence each.
"""
