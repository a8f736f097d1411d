import numpy as np


def numerical_gradient(f, x):
    steps = 1e-4 * np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([f(x + step) - f(x - step) for step in steps]).reshape(x.shape) / 2e-4
