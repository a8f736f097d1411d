# exercise: gradient_descent
# question: minibatches
# fault (line 8): the samples are in their original order
# fault (line 9): the last samples, which don't fill a mini-batch, are dropped
import numpy as np

def minibatches(x, d, size, rng):
    idx = np.arange(len(x))
    n_batches = len(x) // size
    for i in range(n_batches):
        batch = idx[i * size:(i + 1) * size]
        yield x[batch], d[batch]
