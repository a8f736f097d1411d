# exercise: backpropagation
# question: convergence
# fault (line 44): train notes the loss after the step, not before it
# fault (line 46): the step is added, so the loss grows
import numpy as np
from common.functions import binary_cross_entropy

def sigmoid(u):
    return 1 / (1 + np.exp(-u))

def forward_relu(network, x):
    u1 = x @ network["W1"] + network["b1"]
    z1 = np.where(u1 > 0, u1, 0)
    u2 = z1 @ network["W2"] + network["b2"]
    return u1, z1, u2, sigmoid(u2)

def backward_relu(network, x, d, u1, z1, y):
    delta2 = (y - d) / x.shape[0]
    delta1 = delta2 @ network["W2"].T * (u1 > 0)
    return {"W1": x.T @ delta1, "b1": delta1.sum(0), "W2": z1.T @ delta2, "b2": delta2.sum(0)}

def forward_sigmoid(network, x):
    u1 = x @ network["W1"] + network["b1"]
    z1 = sigmoid(u1)
    u2 = z1 @ network["W2"] + network["b2"]
    return u1, z1, u2, sigmoid(u2)

def backward_sigmoid(network, x, d, u1, z1, y):
    delta2 = (y - d) / x.shape[0]
    delta1 = delta2 @ network["W2"].T * z1 * (1 - z1)
    return {"W1": x.T @ delta1, "b1": delta1.sum(0), "W2": z1.T @ delta2, "b2": delta2.sum(0)}

def train(forward, backward, x, d, learning_rate=0.5, steps=200):
    start = np.random.default_rng(1)
    network = {
        "W1": start.normal(size=(2, 4)),
        "b1": np.zeros(4),
        "W2": start.normal(size=(4, 1)),
        "b2": np.zeros(1),
    }
    losses = []
    for step in range(steps):
        u1, z1, u2, y = forward(network, x)
        grad = backward(network, x, d, u1, z1, y)
        for key in network:
            network[key] += learning_rate * grad[key]
        y = forward(network, x)[3]
        losses.append(binary_cross_entropy(d, y))
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
