# exercise: backpropagation
# question: numerical_gradient
# fault (line 11): all elements are moved at once; one at a time must be moved
# fault (line 12): / 2 * h is not a division by 2h
import numpy as np

def numerical_gradient(f, x):
    h = 1e-4
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.ones(x.shape)
        grad[i] = (f(x + h * e) - f(x - h * e)) / 2 * h
    return grad
