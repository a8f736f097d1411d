# exercise: activations
# question: relu
# fault (line 6): the function is named ReLU; the question asks for relu
import numpy as np

def ReLU(u):
    return np.maximum(0, u)
