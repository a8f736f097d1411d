# exercise: losses
# question: softmax
# fault (line 10): axis 1 does not exist for a single sample of shape (C,): the last axis, -1, is right for both
# fault (line 9): large scores overflow: the largest score of the row is not subtracted
import numpy as np

def softmax(u):
    # normalise every row
    e = np.exp(u)
    return e / e.sum(axis=1, keepdims=True)
