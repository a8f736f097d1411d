# exercise: losses
# question: softmax
# fault (line 9): the division by the sum stands inside the exponential
import numpy as np


def softmax(u):
    shifted = u - np.max(u, axis=-1, keepdims=True)
    powers = np.exp(shifted / np.sum(shifted, axis=-1, keepdims=True))
    return powers
