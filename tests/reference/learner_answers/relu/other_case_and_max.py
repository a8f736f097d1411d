# exercise: activations
# question: relu
# fault (line 8): the function is named Relu; the question asks for relu
# fault (line 9): np.max(0, u) takes u for an axis: np.maximum compares element by element
# coupled: mending one of them makes no further check pass
import numpy as np

def Relu(u):
    return np.max(0, u)
