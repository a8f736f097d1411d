# exercise: gradient_descent
# question: minibatches
# fault (line 10): x and d are shuffled apart, so that they no longer belong together
# fault (line 8): the order comes from np.random, not from rng
import numpy as np

def minibatches(x, d, size, rng):
    order = np.random.permutation(len(x))
    xs = x[order]
    ds = d[np.random.permutation(len(x))]
    batches = []
    for start in range(0, len(x), size):
        batches.append((xs[start:start + size], ds[start:start + size]))
    return batches
