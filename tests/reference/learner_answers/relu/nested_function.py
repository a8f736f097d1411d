# exercise: activations
# question: relu
# fault (line 8): relu is defined inside another function and does not exist outside of it
# fault (line 10): negative numbers are multiplied by 0.01, as in leaky relu; relu gives 0
# coupled: mending one of them makes no further check pass
import numpy as np

def make_activations():
    def relu(u):
        return np.where(u > 0, u, 0.01 * u)
    return relu
