# exercise: activations
# question: sigmoid
# fault (line 7): a bracket is not closed, so that Python cannot read the function
import numpy as np

def sigmoid(u):
    return 1 / (1 + np.exp(-u)
