# exercise: gradient_descent
# question: sgd
# fault (line 12): the targets are not in the order of the inputs
# fault (line 15): the learning rate is not used
import numpy as np

def sgd(network, gradients, x, d, learning_rate, epochs, size, rng):
    for e in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), size):
            x_batch = x[order[start:start + size]]
            d_batch = d[start:start + size]
            grads = gradients(network, x_batch, d_batch)
            for name in network:
                network[name] -= grads[name]
