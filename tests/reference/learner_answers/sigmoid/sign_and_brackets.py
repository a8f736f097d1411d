# exercise: activations
# question: sigmoid
# fault (line 9): the exponent must be -u
# fault (line 9): brackets are missing: 1 / 1 + ... is 1 plus the exponential
# coupled: mending one of them makes no further check pass
import numpy as np

def sigmoid(u):
    return 1 / 1 + np.exp(u)
