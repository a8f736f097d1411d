import numpy as np


def softmax(u):
    e = np.exp(u.T - np.max(u, axis=-1))
    return (e / np.sum(e, axis=0)).T
