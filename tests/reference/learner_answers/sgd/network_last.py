# exercise: gradient_descent
# question: sgd
# fault (line 12): the order of the arguments: network first
import numpy as np


def sgd(network, gradients, x, d, learning_rate, epochs, size, rng):
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), size):
            idx = order[start:start + size]
            grad = gradients(x[idx], d[idx], network)
            for key in network:
                network[key] -= learning_rate * grad[key]
