# %% [markdown]
# # Gradient descent: a step downhill
#
# A loss $E$ depends on every parameter of the network. Its gradient says, for each of them, how fast $E$ grows when
# that parameter grows. So the loss falls fastest when all parameters move **against** their gradients:
#
# $$w \leftarrow w - \eta \, \frac{\partial E}{\partial w}$$
#
# The learning rate $\eta$ says how long the step is. Too small, and learning takes forever; too large, and the step
# lands on the other side of the valley, perhaps higher up than before.
#
# | name | what it is |
# |---|---|
# | `network` | dict of parameters: `W1` `(D_in, H)`, `b1` `(H,)`, `W2` `(H, C)`, `b2` `(C,)`, and so on |
# | `grad` | dict with the same keys; `grad["W1"]` has the shape of `network["W1"]`, and so on |
# | `learning_rate` | $\eta$, a float |
#
# Fill in the `____`.

# %%
import numpy as np

# %% [markdown]
# ## One step
#
# `update_step` changes `network` **in place**: it returns nothing, and whoever holds the dict sees the new values.
# Every key takes its step, weights and biases alike, however many there are. `grad` stays as it is.
#
# Mind the difference between a name and what it stands for: after `value = network[key]`, a new value for the *name*
# `value` changes nothing in the dict.


# %% question="update_step"
def update_step(network, grad, learning_rate):
    """One step of gradient descent on every parameter: changes the dict `network` in place, returns nothing."""
    for key in network:
        network[key] -= learning_rate * grad[key]  # blank-line: move network[key] one step against its gradient


# %% [markdown]
# Try it on a valley whose shape is known: $E(W, b) = W^2 + 10 \, b^2$, with the gradients $2W$ and $20 b$. The loss
# should fall from 19 to below 3 in five steps. What happens with a learning rate of `0.11`?

# %%
valley = {"W1": np.array([[3.0]]), "b1": np.array([1.0])}
for _ in range(5):
    slope = {"W1": 2 * valley["W1"], "b1": 20 * valley["b1"]}
    update_step(valley, slope, 0.06)
    print(valley["W1"].item() ** 2 + 10 * valley["b1"].item() ** 2)
