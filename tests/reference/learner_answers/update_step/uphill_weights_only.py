# exercise: gradient_descent
# question: update_step
# fault (line 10): the step is added; it must be subtracted
# fault (line 9): only the weights are updated, the biases are parameters too
import numpy as np

def update_step(network, grad, learning_rate):
    for key in network.keys():
        if key[0] == "W":
            network[key] += learning_rate * grad[key]
