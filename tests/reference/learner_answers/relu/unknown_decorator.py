# exercise: activations
# question: relu
# fault (line 6): the decorator vectorize was never imported, so that relu is not defined
import numpy as np

@vectorize
def relu(u):
    return np.maximum(u, 0)
