# exercise: backpropagation
# question: numerical_gradient
# fault (line 8): a list of slopes is collected, one per row, each from all columns of that row moved together
import numpy as np

def numerical_gradient(f, x):
    h = 1e-4
    result = []
    for i in range(len(x)):
        d = np.zeros(x.shape)
        d[i] = h
        result.append((f(x + d) - f(x - d)) / (2 * h))
    return result
