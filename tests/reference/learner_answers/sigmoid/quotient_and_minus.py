# exercise: activations
# question: sigmoid
# fault (line 8): exp(u) / (1 + exp(u)) becomes infinity by infinity for large u: put exp(-u) in the denominator alone
# fault (line 9): the denominator is 1 plus the power, not 1 minus it
import numpy as np

def sigmoid(u):
    a = np.exp(u)
    b = 1 - a
    return a / b
