# exercise: backpropagation
# question: numerical_gradient
# fault (line 14): this is the forward difference; the central one goes from x - h to x + h
# fault (line 9): zeros_like(x) of an integer array is one of integers, which cuts off the slopes
import numpy as np

def numerical_gradient(f, x):
    h = 1e-4
    grad = np.zeros_like(x)
    for index, _ in np.ndenumerate(x):
        up = x.astype(float)
        up[index] += h
        down = x.astype(float)
        grad[index] = (f(up) - f(down)) / h
    return grad
