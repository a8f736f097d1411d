# exercise: losses
# question: softmax
# fault (line 9): the keyword is keepdims
# fault (line 11): the keyword is keepdims
import numpy as np


def softmax(u):
    m = np.max(u, axis=-1, keepdim=True)
    e = np.exp(u - m)
    return e / np.sum(e, axis=-1, keepdim=True)
