# exercise: backpropagation
# question: numerical_gradient
# fault (line 8): the function is named numericalGradient; the question asks for numerical_gradient
# fault (line 17): / 2*h divides by 2 and multiplies by h
# coupled: mending one of them makes no further check pass
import numpy as np

def numericalGradient(f, x):
    h = 1e-4
    x = np.asarray(x, dtype=float).copy()
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        v = x[i]
        x[i] = v + h; y1 = f(x)
        x[i] = v - h; y2 = f(x)
        x[i] = v
        grad[i] = (y1 - y2) / 2*h
    return grad
