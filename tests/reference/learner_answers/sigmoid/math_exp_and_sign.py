# exercise: activations
# question: sigmoid
# fault (line 6): math.exp takes one number; np.exp takes a whole array
# fault (line 9): the sign of the exponent is wrong
# coupled: mending one of them makes no further check pass
import math

def sigmoid(u):
    return 1 / (1 + math.exp(u))
