# exercise: backpropagation
# question: backward_blanks
# fault (line 10): the deltas are summed before the product, so each sample's share is lost
# fault (line 9): the division by the number of elements is missing
import numpy as np

def backward_blanks(d, z1, y):
    grad = {}
    delta2 = (y - d)
    total = delta2.sum(axis=0, keepdims=True)
    grad["W2"] = z1.sum(axis=0).reshape(-1, 1) @ total
    return grad
