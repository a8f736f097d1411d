# exercise: losses
# question: mean_squared_error
# fault: not attempted
import numpy as np

def mean_squared_error(d, y):
    """Half the mean of the squared errors of the outputs y against targets d, both of one shape. Gives one number."""
    raise NotImplementedError
