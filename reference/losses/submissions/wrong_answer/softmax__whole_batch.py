import numpy as np


def softmax(u):
    e = np.exp(u - u.max())
    return e / e.sum()
