# exercise: backpropagation
# question: numerical_gradient
# fault (line 17): the gradient is a vector of all elements; it should have the shape of x
# fault (line 16): only x + h is compared with x: a forward difference
import numpy as np

def numerical_gradient(f, x):
    h = 1e-4
    shape = x.shape
    flat = x.astype(float).reshape(-1)
    slopes = []
    for i in range(flat.size):
        plus = flat.copy()
        plus[i] += h
        minus = flat.copy()
        slopes.append((f(plus.reshape(shape)) - f(minus.reshape(shape))) / h)
    return np.array(slopes)
