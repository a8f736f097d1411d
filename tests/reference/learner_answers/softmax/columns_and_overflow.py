# exercise: losses
# question: softmax
# fault (line 9): axis 0 runs over the samples; the classes of a sample lie along the last axis
# fault (line 8): the largest score is not subtracted, so exp overflows
import numpy as np

def softmax(u):
    e = np.exp(u)
    s = np.sum(e, axis=0)
    return e / s
