# exercise: gradient_descent
# question: learning_rate_effect
# fault (line 17): a rate of 0.05 is good, not too large: the loss falls
# fault (line 15): a rate of 0.04 is not too small: the loss falls below a tenth
def descend(learning_rate, steps=50):
    valley = {"W": 3.0, "b": 1.0}
    losses = [19.0]
    for _ in range(steps):
        valley["W"] -= learning_rate * 2 * valley["W"]
        valley["b"] -= learning_rate * 20 * valley["b"]
        losses.append(valley["W"] ** 2 + 10 * valley["b"] ** 2)
    return losses

learning_rates = {
    "too_small": 0.04,
    "good": 0.06,
    "too_large": 0.05,
}
learning_rate_effect = {}
for name in learning_rates:
    learning_rate_effect[name] = descend(learning_rates[name])
