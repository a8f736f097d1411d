# exercise: gradient_descent
# question: learning_rate_effect
# fault (line 10): W moves uphill: the step is added
# fault (line 11): the derivative of 10 b**2 is 20 b, not 10 b
# coupled: mending one of them makes no further check pass
def descend(learning_rate, steps=50):
    valley = {"W": 3.0, "b": 1.0}
    losses = [19.0]
    for _ in range(steps):
        valley["W"] += learning_rate * 2 * valley["W"]
        valley["b"] -= learning_rate * 10 * valley["b"]
        losses.append(valley["W"] ** 2 + 10 * valley["b"] ** 2)
    return losses

learning_rates = {"too_small": 0.001, "good": 0.05, "too_large": 0.11}
learning_rate_effect = {name: descend(rate) for name, rate in learning_rates.items()}
