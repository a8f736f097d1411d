# exercise: backpropagation
# question: numerical_gradient
# fault (line 14): an integer array can't hold tmp + h: it's cut off
# fault (line 16): back at tmp only: 2 * h must be subtracted
import numpy as np
from common import functions


def numerical_gradient(f, x):
    h = 1e-4
    grad = np.zeros_like(x, dtype=float)
    for idx in np.ndindex(x.shape):
        tmp = x[idx]
        x[idx] = tmp + h
        fxh1 = f(x)
        x[idx] -= h
        fxh2 = f(x)
        grad[idx] = (fxh1 - fxh2) / (2 * h)
        x[idx] = tmp
    return grad
