# exercise: backpropagation
# question: numerical_gradient
# fault (line 13): f gets one row at a time; it is a function of the whole array
# fault (line 9): an array of integers cannot hold x + h: the array must be one of floats
import numpy as np

def numerical_gradient(f, x):
    h = 1e-4
    grad = np.zeros(x.shape)
    it = np.nditer(x, flags=["multi_index"])
    for _ in it:
        i = it.multi_index
        part = x[i[0]] if x.ndim == 2 else x
        v = x[i]
        x[i] = v + h
        a = f(part)
        x[i] = v - h
        b = f(part)
        x[i] = v
        grad[i] = (a - b) / (2 * h)
    return grad
