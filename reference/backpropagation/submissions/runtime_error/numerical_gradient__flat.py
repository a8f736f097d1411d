import numpy as np


def numerical_gradient(f, x):
    gradient = np.zeros(x.shape)
    for i in range(x.size):
        gradient[i] = (f(x + 1e-4) - f(x - 1e-4)) / (2 * 1e-4)
    return gradient
