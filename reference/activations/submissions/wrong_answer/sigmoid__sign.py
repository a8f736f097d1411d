import numpy as np


def sigmoid(u):
    return 1 / (1 + np.exp(u))
