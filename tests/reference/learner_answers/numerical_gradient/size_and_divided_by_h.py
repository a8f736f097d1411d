# exercise: backpropagation
# question: numerical_gradient
# fault (line 11): range(x.size) counts all elements, but x[i] is a row of a 2-D array
# fault (line 18): the distance is 2h, so the difference must be divided by 2h
import numpy as np

def numerical_gradient(f, x):
    h = 1e-4
    x = x.astype(float)
    grad = np.zeros(x.shape)
    for i in range(x.size):
        old = x[i]
        x[i] = old + h
        plus = f(x)
        x[i] = old - h
        minus = f(x)
        x[i] = old
        grad[i] = (plus - minus) / h
    return grad
