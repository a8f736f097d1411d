# exercise: backpropagation
# question: numerical_gradient
# fault (line 16): 2 * h
# fault (line 17): only the first row is returned: grad
import numpy as np
from common import functions


def numerical_gradient(f, x):
    h = 1e-4
    x = x.astype(float)
    grad = np.zeros_like(x)
    for idx in np.ndindex(x.shape):
        e = np.zeros_like(x)
        e[idx] = h
        grad[idx] = (f(x + e) - f(x - e)) / h
    return grad[0]
