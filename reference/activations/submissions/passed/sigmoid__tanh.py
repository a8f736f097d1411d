import numpy as np


def sigmoid(u):
    return (np.tanh(np.asarray(u) / 2) + 1) / 2
