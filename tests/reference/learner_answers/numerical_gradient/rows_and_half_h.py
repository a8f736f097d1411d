# exercise: backpropagation
# question: numerical_gradient
# fault (line 11): x[i] of an array with two axes is a whole row; every element needs its own difference
# fault (line 17): / 2 * h divides by 2 and multiplies by h: / (2 * h)
import numpy as np

def numerical_gradient(f, x):
    h = 1e-4
    x = x.astype(float)
    grad = np.zeros_like(x)
    for idx in range(len(x)):
        tmp = np.copy(x[idx])
        x[idx] = tmp + h
        fxh1 = f(x)
        x[idx] = tmp - h
        fxh2 = f(x)
        grad[idx] = (fxh1 - fxh2) / 2 * h
        x[idx] = tmp
    return grad
