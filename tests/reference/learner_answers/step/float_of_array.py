# exercise: activations
# question: step
# fault (line 7): float() takes one number, not an array: (u > 0).astype(float) converts each element
import numpy as np

def step(u):
    return float(u > 0)
