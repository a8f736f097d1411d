# exercise: backpropagation
# question: numerical_gradient
# fault (line 20): the gradient has the shape of x: reshape it
import numpy as np
from common import functions


def numerical_gradient(f, x):
    h = 1e-4
    x = x.astype(float)
    grad = []
    for idx in np.ndindex(x.shape):
        tmp = x[idx]
        x[idx] = tmp + h
        f1 = f(x)
        x[idx] = tmp - h
        f2 = f(x)
        x[idx] = tmp
        grad.append((f1 - f2) / (2 * h))
    return np.array(grad)
