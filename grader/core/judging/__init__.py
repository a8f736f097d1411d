"""From a student's answers to results: reference data, comparison, known mistakes, explanations, carry-forward."""
