# exercise: losses
# question: mean_squared_error
# fault (line 6): the function is named mean_square_error; the question asks for mean_squared_error
import numpy as np

def mean_square_error(d, y):
    return 0.5 * np.mean((y - d) ** 2)
