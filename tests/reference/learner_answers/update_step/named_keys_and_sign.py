# exercise: gradient_descent
# question: update_step
# fault (line 8): the keys are named one by one, so a third layer stays as it was
# fault (line 11): for b2 the step is added
import numpy as np

def update_step(network, grad, learning_rate):
    network["W1"] -= learning_rate * grad["W1"]
    network["b1"] -= learning_rate * grad["b1"]
    network["W2"] -= learning_rate * grad["W2"]
    network["b2"] += learning_rate * grad["b2"]
