# exercise: gradient_descent
# question: minibatches
# fault: not attempted
import numpy as np

def minibatches(x, d, size, rng):
    """One epoch of pairs (x_batch, d_batch) in random order: x (N, …), d (N, …)."""
    ____
