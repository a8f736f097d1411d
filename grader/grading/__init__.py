"""Grading of many submissions: one by one, in worker processes, or on a cluster."""
