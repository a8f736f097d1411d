# exercise: gradient_descent
# question: minibatches
# fault (line 13): the return stands inside the loop, so there is one mini-batch only
# fault (line 12): only the inputs are returned, without their targets
import numpy as np

def minibatches(x, d, size, rng):
    order = rng.permutation(len(x))
    result = []
    for start in range(0, len(x), size):
        rows = order[start:start + size]
        result.append(x[rows])
        return result
