# exercise: backpropagation
# question: numerical_gradient
# fault (line 19): the return stands inside the loop: only the first element is computed
# fault (line 18): the values are subtracted the wrong way round, which turns the sign
import numpy as np

def numerical_gradient(f, x):
    h = 1e-4
    x = x.astype(float)
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        xi = x[i]
        x[i] = xi + h
        f1 = f(x)
        x[i] = xi - h
        f2 = f(x)
        x[i] = xi
        gradient[i] = (f2 - f1) / (2 * h)
        return gradient
