"""Pure: what the words mean (exercise, question, check, verdict, mismatch) and the mathematics of comparing tensors.

No files, no processes, no clock, no network. Everything else in the program may import this; it imports nothing of it.
"""
