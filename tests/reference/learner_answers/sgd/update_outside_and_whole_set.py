# exercise: gradient_descent
# question: sgd
# fault (line 13): the update stands outside of the loop over the mini-batches: one step per epoch
# fault (line 12): the gradients are those of the whole data set, not of the mini-batch
import numpy as np

def sgd(network, gradients, x, d, learning_rate, epochs, size, rng):
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), size):
            chosen = order[start:start + size]
            grad = gradients(network, x, d)
        for key in network:
            network[key] -= learning_rate * grad[key]
