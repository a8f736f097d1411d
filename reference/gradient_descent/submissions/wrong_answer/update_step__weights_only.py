def update_step(network, grad, learning_rate):
    for key in network:
        if key.startswith("W"):
            network[key] -= learning_rate * grad[key]
