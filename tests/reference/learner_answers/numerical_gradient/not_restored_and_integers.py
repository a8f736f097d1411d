# exercise: backpropagation
# question: numerical_gradient
# fault (line 16): the element is not set back, so x is changed and later differences are taken elsewhere
# fault (line 9): an integer array cuts off the h: make it one of floats
import numpy as np

def numerical_gradient(f, x):
    h = 1e-4
    grad = np.zeros(x.shape)
    for i in np.ndindex(*x.shape):
        kept = x[i]
        x[i] = kept + h
        upper = f(x)
        x[i] = kept - h
        lower = f(x)
        grad[i] = (upper - lower) / (2 * h)
    return grad
