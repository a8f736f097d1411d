# exercise: gradient_descent
# question: sgd
# fault (line 9): the gradients of all samples, once per epoch
import numpy as np


def sgd(network, gradients, x, d, learning_rate, epochs, size, rng):
    for _ in range(epochs):
        grad = gradients(network, x, d)
        order = rng.permutation(len(x))
        for start in range(0, len(x), size):
            for key in network:
                network[key] -= learning_rate * grad[key]
