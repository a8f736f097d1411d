"""The tolerance that the questions of this exercise share."""

from grader.authoring import Tolerance

SINGLE = Tolerance(rtol=1e-4, atol=1e-6)
"""For float32 inputs, where a student may compute in double precision."""
