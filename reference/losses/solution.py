# %% [markdown]
# # Losses: how wrong is the network?
#
# A loss is one number that says how far the outputs of a network are from what they should have been. Learning makes
# that number small. In this exercise you write two of them: the mean squared error for outputs that are amounts, and
# the cross-entropy for outputs that are probabilities. Between the two stands softmax, which turns scores into
# probabilities.
#
# | name | shape | meaning |
# |---|---|---|
# | `u` | `(N, C)` or `(C,)` | total input of the output layer: one row of scores for each sample |
# | `y` | `(N, C)` or `(C,)` | output: one row for each sample |
# | `d` | `(N, C)`, `(N,)`, … | target: what the output should have been |
#
# Samples lie along the first axis, always: row $n$ belongs to sample $n$. A single sample may come without that axis.
# Losses take the target first: `mean_squared_error(d, y)`, `cross_entropy_error(d, y)`.
#
# Fill in every `____`. A line that still has one stops with a `NameError`; the cells after it can be run all the same.

# %%
import numpy as np

# %% [markdown]
# ## 1 · Mean squared error
#
# For a regression the outputs are amounts: a price, a temperature. The error of one output is the difference
# $d_{nk} - y_{nk}$. The loss is half the mean of the squared errors, over **all** elements:
#
# $$E = \frac{1}{2} \cdot \frac{1}{N C} \sum_{n=1}^{N} \sum_{k=1}^{C} \left(d_{nk} - y_{nk}\right)^2$$
#
# The same formula serves a single sample of shape `(C,)`: its elements are fewer, that is all.


# %% question="mean_squared_error"
def mean_squared_error(d, y):
    """Half the mean of the squared errors of the outputs y against targets d, both of one shape. Gives one number."""
    return np.mean((d - y) ** 2) / 2  # blank: half the mean of all squared errors


# %% [markdown]
# Try it: the errors are 1, 0, 2 and 1, so the loss should be $\frac{1}{2} \cdot \frac{1 + 0 + 4 + 1}{4} = 0.75$.

# %%
print(mean_squared_error(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.0, 2.0], [5.0, 3.0]])))

# %% [markdown]
# ## 2 · Softmax
#
# A network that tells $C$ classes apart ends in $C$ scores for each sample; probabilities are wanted.
# Softmax makes every score positive and divides it by the sum over the classes **of its own sample**:
#
# $$y_{nk} = \frac{e^{u_{nk}}}{\sum_{j=1}^{C} e^{u_{nj}}}$$
#
# So each row of $y$ is positive and sums to one. Two things to mind:
#
# - **Which axis.** For `u` of shape `(N, C)` there are $N$ sums, not one. They have to stand in a column, shape
#   `(N, 1)`, to be divided into the rows. For `u` of shape `(C,)` there is a single sum. The *last* axis is the right
#   one for both.
# - **Overflow.** $e^{710}$ is more than a float can hold. But the formula does not change when the same number is taken
#   away from all scores of a sample, since $e^{u-m} = e^{u} / e^{m}$ and the factor cancels. Take away the largest:
#   then no exponent is above zero.


# %% question="softmax"
def softmax(u):
    """Probabilities from scores: u (N, C) or (C,) -> y, the same shape."""
    shifted = u - np.max(u, axis=-1, keepdims=True)  # blank: the scores, less the largest one of their own sample
    powers = np.exp(shifted)  # blank: e to the power of each
    return powers / np.sum(powers, axis=-1, keepdims=True)  # blank: each power's share in its sample


# %% [markdown]
# Try it: the first sample should give `[0.125, 0.25, 0.625]`, because its scores are logarithms of 1, 2 and 5.

# %%
scores = np.array([[0.0, 0.6931472, 1.6094379], [1000.0, 1001.0, 1002.0]])
print(softmax(scores))

# %% [markdown]
# ## 3 · Cross-entropy
#
# Let $t_n$ be the right class of sample $n$. The loss looks only at the probability that the network gave to it:
#
# $$E = -\frac{1}{N} \sum_{n=1}^{N} \log\left(y_{n t_n} + 10^{-7}\right)$$
#
# The logarithm is the natural one. A probability of 1 costs nothing; one of 0 would cost infinitely much, and the small
# constant keeps that finite. The loss is a mean over the **samples**: it does not depend on how large the batch is, and
# $C$ does not enter it.
#
# Targets come in two forms, and each of them for a batch or for a single sample:
#
# | | batch, `y` is `(N, C)` | one sample, `y` is `(C,)` |
# |---|---|---|
# | one-hot: 1 at the right class, else 0 | `d` is `(N, C)` | `d` is `(C,)` |
# | label: the number of the right class | `d` is `(N,)` | `d` is an int, or `(1,)` |
#
# The function below brings all four to the same form first, a batch with labels.


# %% question="cross_entropy_error"
def cross_entropy_error(d, y):
    """Mean loss of the outputs y, (N, C) or (C,), against targets d, one-hot or labels. Gives one number."""
    d = np.asarray(d)
    if y.ndim == 1:  # one sample is a batch of one
        y = y.reshape(1, -1)
        d = d.reshape(1, -1)
    if d.shape == y.shape:  # one-hot
        label = np.argmax(d, axis=1)  # blank: the number of the right class of each sample, shape (N,)
    else:
        label = d.ravel()
    N = len(y)
    right = y[np.arange(N), label]  # blank: the probability of the right class of each sample, shape (N,)
    return -np.sum(np.log(right + 1e-7)) / N  # blank: the loss, a mean over the samples


# %% [markdown]
# Try it. Both lines should print about `0.4904`, which is $(\log 2 + \log \frac{4}{3}) / 2$: the two forms of target
# say the same.

# %%
outputs = np.array([[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]])
print(cross_entropy_error(np.array([0, 2]), outputs))
print(cross_entropy_error(np.array([[1, 0, 0], [0, 0, 1]]), outputs))
