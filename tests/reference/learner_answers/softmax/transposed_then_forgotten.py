# exercise: losses
# question: softmax
# fault (line 12): the result is not transposed back, so rows and columns are swapped
# fault (line 10): the maximum is taken of the whole batch, so a row far below it becomes 0/0
import numpy as np

def softmax(u):
    if u.ndim == 2:
        u = u.T
        u = u - np.max(u)
        y = np.exp(u) / np.sum(np.exp(u), axis=0)
        return y
    u = u - np.max(u)
    return np.exp(u) / np.sum(np.exp(u))
