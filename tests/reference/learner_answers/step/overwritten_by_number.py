# exercise: activations
# question: step
# fault (line 10): the name step is given to a number after the function, so that the function is gone
# fault (line 8): at exactly 0 the step is 0 in this course
import numpy as np

def step(u):
    return np.where(u >= 0, 1, 0)

step = 0.1
x = np.arange(-1, 1, 0.1)
