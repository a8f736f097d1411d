# exercise: gradient_descent
# question: minibatches
# fault (line 9): rng.shuffle shuffles in place and returns None, and x[None] is the whole array with an axis more
# fault (line 13): the upper end of the slice is size, not start + size
import numpy as np

def minibatches(x, d, size, rng):
    order = np.arange(len(x))
    order = rng.shuffle(order)
    x, d = x[order], d[order]
    out = []
    for start in range(0, len(x), size):
        out.append((x[start:size], d[start:size]))
    return out
