# exercise: losses
# question: softmax
# fault (line 8): Python's max cannot compare rows
import numpy as np


def softmax(u):
    shifted = u - max(u)
    powers = np.exp(shifted)
    return powers / np.sum(powers, axis=-1, keepdims=True)
