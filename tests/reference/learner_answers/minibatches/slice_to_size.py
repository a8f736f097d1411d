# exercise: gradient_descent
# question: minibatches
# fault (line 10): the slice ends at start + size
import numpy as np


def minibatches(x, d, size, rng):
    order = rng.permutation(len(x))
    for start in range(0, len(x), size):
        chosen = order[start:size]
        yield x[chosen], d[chosen]
