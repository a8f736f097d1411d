# exercise: backpropagation
# question: numerical_gradient
# fault (line 12): f gets one element, not the whole array
import numpy as np
from common import functions


def numerical_gradient(f, x):
    h = 1e-4
    grad = np.zeros(x.shape)
    for idx in np.ndindex(x.shape):
        grad[idx] = (f(x[idx] + h) - f(x[idx] - h)) / (2 * h)
    return grad
