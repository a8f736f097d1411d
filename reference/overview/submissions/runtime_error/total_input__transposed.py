import numpy as np


def total_input(x, W, b):
    return np.dot(W, x.T) + b
