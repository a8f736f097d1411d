# exercise: gradient_descent
# question: update_step
# fault (line 10): the return stands inside the loop, so only the first parameter moves
# fault (line 9): the step goes uphill: the gradient is added
import numpy as np

def update_step(network, grad, learning_rate):
    for name in network:
        network[name] = network[name] + learning_rate * grad[name]
        return network
