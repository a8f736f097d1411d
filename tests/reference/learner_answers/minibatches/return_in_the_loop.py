# exercise: gradient_descent
# question: minibatches
# fault (line 11): return ends the loop after the first batch: yield
import numpy as np


def minibatches(x, d, size, rng):
    perm = rng.permutation(len(x))
    for i in range(0, len(x), size):
        idx = perm[i:i + size]
        return x[idx], d[idx]
