# exercise: gradient_descent
# question: update_step
# fault (line 8): the new values go into a copy of the dict, the caller's one stays as it was
# fault (line 10): the learning rate is not used
import numpy as np

def update_step(network, grad, learning_rate):
    new = dict(network)
    for k in network:
        new[k] = network[k] - grad[k]
    return new
