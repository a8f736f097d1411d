# exercise: backpropagation
# question: numerical_gradient
# fault (line 11): np.zeroslike is misspelt: np.zeros_like
# fault (line 17): the central difference divides by 2h, here by h alone
# coupled: mending one of them makes no further check pass
import numpy as np

def numerical_gradient(f, x):
    h = 1e-4
    x = x * 1.0
    grad = np.zeroslike(x)
    for i in np.ndindex(x.shape):
        a = x.copy()
        b = x.copy()
        a[i] += h
        b[i] -= h
        grad[i] = (f(a) - f(b)) / h
    return grad
