# exercise: gradient_descent
# question: update_step
# fault (line 8): update_step is a method of a class; the question asks for a function of that name
# fault (line 14): the step is added, so that the loss grows
# coupled: mending one of them makes no further check pass
import numpy as np

class Optimizer:
    def __init__(self):
        self.steps = 0

    def update_step(self, network, grad, learning_rate):
        for key in network:
            network[key] += learning_rate * grad[key]
        self.steps += 1
