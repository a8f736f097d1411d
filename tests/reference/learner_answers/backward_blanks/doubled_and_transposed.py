# exercise: backpropagation
# question: backward_blanks
# fault (line 9): the factor 2 cancels with the 1/2 of the loss
# fault (line 10): the gradient is transposed: z1 is to be transposed, not the delta
import numpy as np

def backward_blanks(d, z1, y):
    grad = {}
    delta2 = 2 * (y - d) / y.size
    grad["W2"] = delta2.T @ z1
    return grad
