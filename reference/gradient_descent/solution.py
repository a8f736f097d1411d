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
# ## 1 · One step
#
# `update_step` changes `network` **in place**: it returns nothing, and the caller's dict has the new values.
# It changes every key, weights and biases alike, however many there are. `grad` stays unchanged.
#
# Note the difference between a variable and an entry of a dict: after `value = network[key]`, assigning to `value`
# changes nothing in the dict.


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

# %% [markdown]
# ## 2 · The step in the loop
#
# Training is a loop of four things. Which line of this listing is the one that **updates the parameters**? Copy it.
#
# ```python
# losses = []
# for step in range(steps):
#     u1, z1, u2, y = forward(network, x)
#     losses.append(mean_squared_error(d, y))
#     grad = backward(network, x, d, u1, z1, y)
#     update_step(network, grad, learning_rate)
# ```

# %% question="update_line"
update_line = "update_step(network, grad, learning_rate)"  # blank: the line, as a string

# %% [markdown]
# ## 3 · Too small, good, too large
#
# Take the valley $E(W, b) = W^2 + 10 \, b^2$ again, and go down it from $W = 3$, $b = 1$ with different learning rates.
# Note the loss before the first step, which is 19, and after every step: `descend` gives these losses as a list of
# `steps + 1` numbers. Write the loop's body; you may call your own `update_step`, as above.
#
# Then look for three learning rates:
#
# | name | the loss |
# |---|---|
# | `too_small` | falls with every step, but after 50 steps it is still above a tenth of its first value |
# | `good` | falls to less than a thousandth of its first value |
# | `too_large` | is larger at the end than at the beginning |


# %% question="learning_rate_effect"
def descend(learning_rate, steps=50):
    """The losses on the way down the valley: one before the first step, and one after every step."""
    valley = {"W": 3.0, "b": 1.0}
    losses = [19.0]
    for _ in range(steps):
        ### BEGIN SOLUTION
        valley["W"] -= learning_rate * 2 * valley["W"]
        valley["b"] -= learning_rate * 20 * valley["b"]
        losses.append(valley["W"] ** 2 + 10 * valley["b"] ** 2)
        ### END SOLUTION
    return losses


learning_rates = {"too_small": 0.001, "good": 0.05, "too_large": 0.11}  # blank: a dict: name -> learning rate
learning_rate_effect = {name: descend(rate) for name, rate in learning_rates.items()}

# %% [markdown]
# ## 4 · Mini-batches
#
# The gradient of the loss over a large data set costs a pass over all of it, for a single step. A **mini-batch** is a
# handful of samples that stands for the whole: its gradient points roughly the same way and costs a fraction. One pass
# over all samples, mini-batch by mini-batch, is an **epoch**.
#
# | name | shape | meaning |
# |---|---|---|
# | `x` | `(N, D_in)` or `(N,)` | all inputs |
# | `d` | `(N, C)` or `(N,)` | their targets: row $n$ of `d` belongs to row $n$ of `x` |
# | `size` | int | samples in one mini-batch |
# | `rng` | `numpy.random.Generator` | random number generator: `rng.permutation(5)` is a random order of 0 … 4 |
#
# `minibatches` yields one epoch of pairs `(x_batch, d_batch)`:
#
# - in a random order, a new one with every call, drawn from `rng`;
# - every sample exactly once;
# - `size` samples in each mini-batch, and the remaining ones in the last;
# - every input with its own target.
#
# An array of numbers picks rows: `x[[4, 0, 2]]` are rows 4, 0 and 2. A function with `yield` gives its pairs one by
# one to a `for` loop; a function that returns a list of pairs works as well.


# %% question="minibatches"
def minibatches(x, d, size, rng):
    """One epoch of pairs (x_batch, d_batch) in random order: x (N, …), d (N, …)."""
    ### BEGIN SOLUTION
    order = rng.permutation(len(x))
    for start in range(0, len(x), size):
        chosen = order[start : start + size]
        yield x[chosen], d[chosen]
    ### END SOLUTION


# %% [markdown]
# Try it on seven samples whose targets are ten times their inputs. You should see batches of 3, 3 and 1, in another
# order each time.

# %%
numbers = np.arange(7)
generator = np.random.default_rng(0)
for epoch in range(2):
    for x_batch, d_batch in minibatches(numbers, 10 * numbers, 3, generator):
        print(epoch, x_batch, d_batch)

# %% [markdown]
# ## 5 · Stochastic gradient descent
#
# One step after every mini-batch: that is stochastic gradient descent. `sgd` trains any network, if it is given a
# function that computes its gradients: `gradients(network, x_batch, d_batch)` gives the dict `grad`, the mean over the
# samples of that mini-batch. In each epoch: split the data again, and take a step on every mini-batch, with the
# gradients at the parameters **as they are now**.
#
# You may call your own `minibatches` and `update_step`. A mistake in one of them then shows here too, so get them right
# first.


# %% question="sgd"
def sgd(network, gradients, x, d, learning_rate, epochs, size, rng):
    """Trains the dict `network` in place on x (N, …) and d (N, …), in mini-batches of `size`. Returns nothing."""
    for _ in range(epochs):
        ### BEGIN SOLUTION
        order = rng.permutation(len(x))
        for start in range(0, len(x), size):
            chosen = order[start : start + size]
            grad = gradients(network, x[chosen], d[chosen])
            for key in network:
                network[key] -= learning_rate * grad[key]
        ### END SOLUTION


# %% [markdown]
# Try it on the smallest network there is, a straight line $y = w x + b$ with the squared error. Its gradients are the
# mean of $(y - d) \, x$ and the mean of $y - d$. All points lie on the line $d = 3x - 1$, so `w` should come to about 3
# and `b` to about $-1$.


# %%
def line_gradients(network, x, d):
    """Gradients of the line's squared error by w and b: x (N,), d (N,)."""
    error = network["w"] * x + network["b"] - d
    return {"w": np.mean(error * x), "b": np.mean(error)}


generator = np.random.default_rng(0)
points = generator.uniform(-1, 1, size=20)
line = {"w": 0.0, "b": 0.0}
sgd(line, line_gradients, points, 3 * points - 1, 0.2, 30, 4, generator)
print(line)

# %% [markdown]
# ## 6 · Three kinds of descent
#
# Gradient descent, stochastic gradient descent and mini-batches differ in one thing only: over which samples the error
# is averaged before a step. In the strict sense, stochastic gradient descent draws a single sample for each step.
#
# Match each of the three with the error that it minimises: `gradient_descent`, `stochastic`, `mini_batch`.
#
# - `few_samples`: the mean error of some samples, drawn at random
# - `one_sample`: the error of one sample, drawn at random
# - `all_samples`: the mean error of all samples
#
# And what are the three `advantages` of the stochastic one over plain gradient descent?
#
# - `exact`: every step follows the gradient of the whole loss
# - `less_computation`: a step costs less computation
# - `always_falls`: the loss falls with every step
# - `poor_minimum`: less risk of being caught in a poor local minimum
# - `no_rate`: no learning rate has to be chosen
# - `online`: it can go on learning, sample by sample, while data come in

# %% question="descent_kinds"
descent_kinds = {}
descent_kinds["gradient_descent"] = "all_samples"  # blank: which error?
descent_kinds["stochastic"] = "one_sample"  # blank: which error?
descent_kinds["mini_batch"] = "few_samples"  # blank: which error?
descent_kinds["advantages"] = ["less_computation", "poor_minimum", "online"]  # blank: a list of three

# %% [markdown]
# ## 7 · Online learning
#
# What is online learning? At most two lines.

# %% [markdown] question="online_learning"
# *question: online_learning*
#
# ### BEGIN SOLUTION
# Learning from samples as they come in, one by one: each new one changes the parameters a little, without going over
# all the old data again.
# ### END SOLUTION
