"""The pure core: the meaning of the words (exercise, question, check, verdict, mismatch) and the comparison of tensors.

It uses no files, processes, clock or network. The rest of the program may import it; it imports nothing of the rest.
"""
