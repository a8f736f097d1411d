# exercise: gradient_descent
# question: minibatches
# fault (line 9): the start moves by one, not by size
import numpy as np


def minibatches(x, d, size, rng):
    perm = rng.permutation(len(x))
    for i in range(len(x)):
        idx = perm[i:i + size]
        yield x[idx], d[idx]
