# exercise: backpropagation
# question: convergence
# fault (line 18): backward_relu multiplies by the derivative of the sigmoid, but its forward pass has relu
# fault (line 35): backward_sigmoid does not divide by the number of samples
import numpy as np
from common import functions

def forward_relu(network, x):
    u1 = np.dot(x, network["W1"]) + network["b1"]
    z1 = np.maximum(u1, 0)
    u2 = np.dot(z1, network["W2"]) + network["b2"]
    y = 1 / (1 + np.exp(-u2))
    return u1, z1, u2, y

def backward_relu(network, x, d, u1, z1, y):
    N = len(x)
    delta2 = (y - d) / N
    delta1 = np.dot(delta2, network["W2"].T) * (1 / (1 + np.exp(-u1)) * (1 - 1 / (1 + np.exp(-u1))))
    return {
        "W1": np.dot(x.T, delta1),
        "b1": np.sum(delta1, axis=0),
        "W2": np.dot(z1.T, delta2),
        "b2": np.sum(delta2, axis=0),
    }

def forward_sigmoid(network, x):
    u1 = np.dot(x, network["W1"]) + network["b1"]
    z1 = 1 / (1 + np.exp(-u1))
    u2 = np.dot(z1, network["W2"]) + network["b2"]
    y = 1 / (1 + np.exp(-u2))
    return u1, z1, u2, y

def backward_sigmoid(network, x, d, u1, z1, y):
    N = len(x)
    delta2 = (y - d)
    delta1 = np.dot(delta2, network["W2"].T) * z1 * (1 - z1)
    return {
        "W1": np.dot(x.T, delta1),
        "b1": np.sum(delta1, axis=0),
        "W2": np.dot(z1.T, delta2),
        "b2": np.sum(delta2, axis=0),
    }

def train(forward, backward, x, d, learning_rate=0.5, steps=200):
    start = np.random.default_rng(1)
    network = {
        "W1": start.normal(size=(2, 4)),
        "b1": np.zeros(4),
        "W2": start.normal(size=(4, 1)),
        "b2": np.zeros(1),
    }
    losses = []
    for _ in range(steps):
        u1, z1, _, y = forward(network, x)
        losses.append(functions.binary_cross_entropy(d, y))
        grad = backward(network, x, d, u1, z1, y)
        for key in network:
            network[key] -= learning_rate * grad[key]
    return losses

points = np.random.default_rng(0).uniform(-1, 1, size=(40, 2))
first_is_larger = (points[:, :1] > points[:, 1:]).astype(float)
relu_losses = train(forward_relu, backward_relu, points, first_is_larger)
sigmoid_losses = train(forward_sigmoid, backward_sigmoid, points, first_is_larger)
wide_losses = train(forward_relu, backward_relu, 5 * points, first_is_larger)
convergence = {
    "relu": {"losses": relu_losses, "forward": forward_relu, "backward": backward_relu},
    "sigmoid": {"losses": sigmoid_losses, "forward": forward_sigmoid, "backward": backward_sigmoid},
    "wide": {"losses": wide_losses, "forward": forward_relu, "backward": backward_relu},
}
