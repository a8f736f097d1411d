# exercise: activations
# question: step
# fault (line 9): the loop goes over the rows of a batch, and `if` cannot decide for a whole row
# fault (line 10): exactly 0 is not above the threshold
import numpy as np

def step(u):
    out = []
    for v in u:
        if v >= 0:
            out.append(1)
        else:
            out.append(0)
    return np.array(out)
