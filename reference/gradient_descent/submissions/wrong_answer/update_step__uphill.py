def update_step(network, grad, learning_rate):
    for key in network:
        network[key] += learning_rate * grad[key]
