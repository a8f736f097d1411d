# exercise: backpropagation
# question: numerical_gradient
# fault (line 11): a and b are the same array as x, not copies: the caller's x is changed
# fault (line 9): integers cannot hold the h
import numpy as np

def numerical_gradient(f, x):
    h = 1e-4
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        a = x
        a[i] = a[i] + h
        fa = f(a)
        b = x
        b[i] = b[i] - h
        fb = f(b)
        grad[i] = (fa - fb) / (2 * h)
    return grad
