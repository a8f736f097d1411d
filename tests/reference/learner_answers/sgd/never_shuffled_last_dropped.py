# exercise: gradient_descent
# question: sgd
# fault (line 10): the data are not shuffled
# fault (line 12): the last samples of each epoch are left out
import numpy as np

def sgd(network, gradients, x, d, learning_rate, epochs, size, rng):
    N = len(x)
    for epoch in range(epochs):
        p = np.arange(N)
        i = 0
        while i + size <= N:
            xb = x[p[i:i + size]]
            db = d[p[i:i + size]]
            grad = gradients(network, xb, db)
            for key in grad:
                network[key] = network[key] - learning_rate * grad[key]
            i += size
