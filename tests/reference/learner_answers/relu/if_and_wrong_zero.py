# exercise: activations
# question: relu
# fault (line 9): `if` needs one True or False; for an array use np.where or np.maximum
# fault (line 10): above zero 1 is returned, as in the step, where relu returns u
# coupled: mending one of them makes no further check pass
import numpy as np

def relu(u):
    if u > 0:
        return 1
    else:
        return 0
