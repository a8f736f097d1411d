# exercise: losses
# question: softmax
# fault (line 6): the function is named soft_max; the question asks for softmax
import numpy as np

def soft_max(u):
    shifted = u - np.max(u, axis=-1, keepdims=True)
    powers = np.exp(shifted)
    return powers / np.sum(powers, axis=-1, keepdims=True)
