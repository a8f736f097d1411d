# exercise: losses
# question: mean_squared_error
# fault (line 8): nothing is returned
import numpy as np


def mean_squared_error(d, y):
    loss = np.mean((d - y) ** 2) / 2
