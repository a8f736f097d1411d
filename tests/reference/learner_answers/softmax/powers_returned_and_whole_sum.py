# exercise: losses
# question: softmax
# fault (line 11): the powers are returned, not the shares
# fault (line 10): the sum is that of the whole array
# fault (line 9): large scores overflow, since no maximum is subtracted
import numpy as np

def softmax(u):
    powers = np.exp(u)
    result = powers / np.sum(powers)
    return powers
