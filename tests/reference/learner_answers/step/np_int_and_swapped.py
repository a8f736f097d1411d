# exercise: activations
# question: step
# fault (line 10): numpy has no np.int any more: int
# fault (line 9): 0 and 1 are swapped: the comparison is the wrong way round
# coupled: mending one of them makes no further check pass
import numpy as np

def step(u):
    y = u < 0
    return y.astype(np.int)
