# exercise: backpropagation
# question: numerical_gradient
# fault (line 8): h is so small that the difference is lost in rounding
# fault (line 11): the loop goes over rows of a 2-D array
import numpy as np

def numerical_gradient(f, x):
    h = 1e-12
    x = np.array(x, float)
    g = np.zeros_like(x)
    for k in range(x.shape[0]):
        keep = x[k].copy()
        x[k] = keep + h
        f_plus = f(x)
        x[k] = keep - h
        f_minus = f(x)
        x[k] = keep
        g[k] = (f_plus - f_minus) / (2 * h)
    return g
