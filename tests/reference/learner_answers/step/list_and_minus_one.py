# exercise: activations
# question: step
# fault (line 8): below zero -1 is given, as by the sign; the step is 0 there
# fault (line 9): the result is a list of Python numbers of the flattened array; the shape of u is lost
import numpy as np

def step(u):
    values = [1 if v > 0 else -1 for v in u.flatten()]
    return values
