# exercise: gradient_descent
# question: update_step
# fault (line 9): grad is changed in place, and the caller still needs it
# fault (line 11): the learning rate is applied twice
import numpy as np

def update_step(network, grad, learning_rate):
    for key in network:
        grad[key] *= learning_rate
        step = grad[key]
        network[key] -= step * learning_rate
