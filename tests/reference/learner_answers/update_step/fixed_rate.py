# exercise: gradient_descent
# question: update_step
# fault (line 9): a fixed rate instead of learning_rate
import numpy as np


def update_step(network, grad, learning_rate):
    for key in network:
        network[key] -= 0.1 * grad[key]
