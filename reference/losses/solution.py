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
# The same formula holds for a single sample of shape `(C,)`, which only has fewer elements.


# %% question="mean_squared_error"
def mean_squared_error(d, y):
    """Half the mean of the squared errors of the outputs y against targets d, both of one shape. Gives one number."""
    return np.mean((d - y) ** 2) / 2  # blank: half the mean of all squared errors


# %% [markdown]
# Try it: the errors are 1, 0, 2 and 1, so the loss should be $\frac{1}{2} \cdot \frac{1 + 0 + 4 + 1}{4} = 0.75$.

# %%
print(mean_squared_error(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.0, 2.0], [5.0, 3.0]])))

# %% [markdown]
# Why are the differences squared before they are added up? At most three lines.

# %% [markdown] question="why_square"
# *question: why_square*
#
# ### BEGIN SOLUTION
# Differences of either sign would cancel in a sum, so that a bad network could have no loss at all. Squares are never
# negative: the loss is 0 only if every output is right. Large errors also count for more than small ones, and the
# square is smooth everywhere.
# ### END SOLUTION

# %% [markdown]
# And what is the $\frac{1}{2}$ for? At most two lines.

# %% [markdown] question="why_half"
# *question: why_half*
#
# ### BEGIN SOLUTION
# It cancels with the 2 that comes down when the square is differentiated, so that the derivative is the error itself.
# The minimum stays where it is.
# ### END SOLUTION

# %% [markdown]
# ## 2 · Which loss for which task?
#
# The task determines the kind of output, and with it the activation of the output layer and the loss:
#
# - `regression`: an amount, of any size and sign
# - `binary`: yes or no, one probability
# - `multi_class`: one class of many, probabilities that sum to one
#
# Give each of them its output activation (`identity`, `sigmoid`, `softmax`) **and** its loss (`mean_squared_error`,
# `cross_entropy`), both in one list.

# %% question="task_table"
task_table = {}
task_table["regression"] = ["identity", "mean_squared_error"]  # blank: activation and loss
task_table["binary"] = ["sigmoid", "cross_entropy"]  # blank: activation and loss
task_table["multi_class"] = ["softmax", "cross_entropy"]  # blank: activation and loss

# %% [markdown]
# ## 3 · Softmax
#
# A network for $C$ classes computes $C$ scores for each sample, which must become probabilities.
# Softmax makes every score positive and divides it by the sum over the classes **of its own sample**:
#
# $$y_{nk} = \frac{e^{u_{nk}}}{\sum_{j=1}^{C} e^{u_{nj}}}$$
#
# So each row of $y$ is positive and sums to one. Two things to mind:
#
# - **Which axis.** For `u` of shape `(N, C)` there are $N$ sums, not one. They need the shape `(N, 1)`, a column, so
#   that each row is divided by its own sum. For `u` of shape `(C,)` there is a single sum. The *last* axis is the right
#   one for both.
# - **Overflow.** $e^{710}$ is more than a float can hold. But the result does not change when the same number is
#   subtracted from all scores of a sample, since $e^{u-m} = e^{u} / e^{m}$ and the factor cancels. Subtract the largest
#   score: then no exponent is above zero.


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
# What is each part of `softmax` for? Here are the three lines that you filled in, and two decisions in them:
#
# - `shifted`: the line that subtracts the largest score
# - `powers`: the line with the powers of $e$
# - `result`: the line with the division
# - `last_axis`: going along the last axis
# - `kept_axis`: keeping that axis, with the length 1
#
# Match each part with its purpose. Two purposes are left over.
#
# - `column`: one number for each sample, in a column, meets its own row
# - `one_batch`: the whole batch sums to one
# - `shares`: every sample sums to one
# - `finite`: no power of $e$ is above 1, so that nothing overflows; the result stays the same
# - `mean_zero`: the scores of every sample have the mean 0
# - `any_form`: the classes of one sample belong together, in `(N, C)` and in `(C,)`
# - `positive`: every score becomes a positive number, and their order stays

# %% question="softmax_lines"
softmax_lines = {}
softmax_lines["shifted"] = "finite"  # blank: its purpose
softmax_lines["powers"] = "positive"  # blank: its purpose
softmax_lines["result"] = "shares"  # blank: its purpose
softmax_lines["last_axis"] = "any_form"  # blank: its purpose
softmax_lines["kept_axis"] = "column"  # blank: its purpose

# %% [markdown]
# ## 4 · Cross-entropy
#
# Let $t_n$ be the right class of sample $n$. The loss looks only at the probability that the network gave to it:
#
# $$E = -\frac{1}{N} \sum_{n=1}^{N} \log\left(y_{n t_n} + 10^{-7}\right)$$
#
# The logarithm is the natural one. For a probability of 1 the loss is 0; for 0 it would be infinite, and the small
# constant keeps it finite. The loss is a mean over the **samples**: it does not depend on how large the batch is, and
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
# mean the same.

# %%
outputs = np.array([[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]])
print(cross_entropy_error(np.array([0, 2]), outputs))
print(cross_entropy_error(np.array([[1, 0, 0], [0, 0, 1]]), outputs))

# %% [markdown]
# And what do the parts of `cross_entropy_error` do?
#
# - `reshape`: the two lines with `reshape(1, -1)`
# - `comparison`: the line `if d.shape == y.shape:`
# - `label`: the line that sets `label` for one-hot targets
# - `right`: the line that sets `right`
# - `constant`: the small constant inside the logarithm
# - `divided`: the division by `N`
# - `minus`: the minus sign
#
# Two are left over here as well.
#
# - `picks`: picks one probability of each row, that of the right class
# - `batch_size`: makes the loss independent of the size of the batch
# - `sum_to_one`: makes the probabilities of a sample sum to one
# - `form`: tells one-hot targets from labels
# - `positive`: makes the loss positive, since logarithms of probabilities are not
# - `wrong_classes`: counts the probabilities of the wrong classes
# - `finite`: keeps the loss finite where a probability is 0
# - `batch_of_one`: makes a single sample a batch of one, so that one formula serves both
# - `class_number`: turns the place of the 1 into the number of the class

# %% question="cross_entropy_lines"
cross_entropy_lines = {}
cross_entropy_lines["reshape"] = "batch_of_one"  # blank: its effect
cross_entropy_lines["comparison"] = "form"  # blank: its effect
cross_entropy_lines["label"] = "class_number"  # blank: its effect
cross_entropy_lines["right"] = "picks"  # blank: its effect
cross_entropy_lines["constant"] = "finite"  # blank: its effect
cross_entropy_lines["divided"] = "batch_size"  # blank: its effect
cross_entropy_lines["minus"] = "positive"  # blank: its effect
