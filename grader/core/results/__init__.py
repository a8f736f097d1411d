"""Stored results of grading: verdicts, gradings, marks, and the rules of a score."""
