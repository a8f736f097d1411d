import numpy as np


def update_step(network, grad, learning_rate):
    for name, parameter in network.items():
        np.subtract(parameter, learning_rate * grad[name], out=parameter)
