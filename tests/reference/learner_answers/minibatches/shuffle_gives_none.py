# exercise: gradient_descent
# question: minibatches
# fault (line 8): shuffle works in place and returns None
import numpy as np


def minibatches(x, d, size, rng):
    idx = rng.shuffle(np.arange(len(x)))
    for i in range(0, len(x), size):
        yield x[idx[i:i+size]], d[idx[i:i+size]]
