# exercise: gradient_descent
# question: minibatches
# fault (line 11): every mini-batch is drawn from all samples, so some come twice and others never
# fault (line 12): the targets are taken in their original order
import numpy as np

def minibatches(x, d, size, rng):
    n = len(x)
    for start in range(0, n, size):
        stop = min(start + size, n)
        pick = rng.choice(n, stop - start)
        yield x[pick], d[start:stop]
