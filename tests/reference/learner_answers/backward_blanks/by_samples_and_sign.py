# exercise: backpropagation
# question: backward_blanks
# fault (line 9): this loss is a mean over all elements: divide by N times C, not by N
# fault (line 9): the sign is wrong: y - d
import numpy as np

def backward_blanks(d, z1, y):
    grad = {}
    delta2 = (d - y) / len(d)
    grad["W2"] = np.dot(z1.T, delta2)
    return grad
