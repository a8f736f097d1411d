# exercise: gradient_descent
# question: sgd
# fault (line 8): the order is drawn once, before the loop over the epochs
# fault (line 14): the step is added to the parameters
import numpy as np

def sgd(network, gradients, x, d, learning_rate, epochs, size, rng):
    order = rng.permutation(len(x))
    for _ in range(epochs):
        for start in range(0, len(x), size):
            part = order[start:start + size]
            g = gradients(network, x[part], d[part])
            for key in network:
                network[key] += learning_rate * g[key]
