# %% [markdown]
# # Activations: from the total input to the output of a node
#
# The total input $u$ of a node is the weighted sum of its inputs, plus its bias. Its **activation** turns $u$ into its
# output. Without one, any number of layers could be replaced by a single layer, because a sum of sums is a sum. In
# this exercise you write four activations and learn where each of them belongs.
#
# <img width="640" alt="Four curves: step jumps from 0 to 1 at zero; sigmoid rises smoothly from 0 to 1, through one
#  half at zero; relu is zero up to zero and then rises in a straight line; identity is a straight line"
#  src='data:image/svg+xml;utf8,<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 175" font-family="sans-serif"
#  font-size="14" text-anchor="middle"><rect width="640" height="175" fill="white"/>
#  <path stroke="silver" d="M10 130H150M80 25V155M170 130H310M240 25V155M330 130H470M400 25V155M490 95H630M560 25V155"/>
#  <g fill="none" stroke="steelblue" stroke-width="3">
#  <path d="M10 130H80M80 60H150"/><circle cx="80" cy="130" r="3" fill="steelblue"/>
#  <path d="M170 129.6C205 128 220 118 240 95S275 62 310 60.4"/>
#  <path d="M330 130H400L470 60"/><path d="M495 160L625 30"/></g>
#  <g font-size="11" fill="dimgray"><text x="72" y="64">1</text><text x="232" y="64">1</text>
#  <text x="392" y="64">1</text><text x="552" y="64">1</text></g>
#  <text x="80" y="16">step</text><text x="240" y="16">sigmoid</text><text x="400" y="16">relu</text>
#  <text x="560" y="16">identity</text></svg>'>
#
# All four work **number by number**: the result has the shape of $u$, whatever that is: `(H,)` for a single sample,
# `(N, H)` for a batch, or any other. So use numpy functions for whole arrays. `if u > 0` does not work: it needs a
# single True or False, but comparing an array gives one for each number.
#
# | name | shape | meaning |
# |---|---|---|
# | `u` | any | total input |
# | `z`, `y` | that of `u` | output: `z` of a hidden layer, `y` of the output layer |
#
# Fill in every `____`. A line that still has one stops with a `NameError`; the cells after it can be run all the same.

# %%
import numpy as np

# %% [markdown]
# ## 1 · Step
#
# The oldest activation: a node is on or off. The threshold is 0, and a total input of exactly 0 is not above it.
#
# $$\mathrm{step}(u) = \begin{cases} 1 & u > 0 \\ 0 & u \le 0 \end{cases}$$
#
# Return numbers, not `True` and `False`. The slope of the step is zero everywhere except at the jump, so that nothing
# can be learnt from it: that is why later networks use other functions.


# %% question="step"
def step(u):
    """1 where u is above zero, else 0: an array of numbers of the same shape."""
    return np.where(u > 0, 1, 0)  # blank: 1 where u is above zero, else 0


# %%
print(step(np.array([[-2.0, -0.1, 0.0], [0.1, 1.0, 30.0]])))  # [[0 0 0] [1 1 1]]

# %% [markdown]
# ## 2 · Sigmoid
#
# A step with a gentle slope. Its output lies between 0 and 1 and can be read as a probability.
#
# $$\sigma(u) = \frac{1}{1 + e^{-u}}$$
#
# $\sigma(0)$ is one half, far to the right it comes close to 1, far to the left to 0. For $u = -1000$ numpy may warn
# that $e^{1000}$ is more than a float can hold. With the formula above the result is still right, since 1
# divided by infinity is 0. The result must never be `nan`.


# %% question="sigmoid"
def sigmoid(u):
    """The sigmoid of each number: an array of the same shape, between 0 and 1."""
    return 1 / (1 + np.exp(-u))  # blank: the formula, for a whole array


# %%
print(sigmoid(np.array([-2.0, 0.0, 2.0])))  # [0.119 0.5 0.881]

# %% [markdown]
# ## 3 · relu
#
# The *rectified linear unit*: numbers above zero stay unchanged, all others become 0. It is cheap to compute,
# and its slope is 1 for all positive $u$, however large.
#
# $$\mathrm{relu}(u) = \begin{cases} u & u > 0 \\ 0 & u \le 0 \end{cases}$$


# %% question="relu"
def relu(u):
    """Each number where it is above zero, else 0: an array of the same shape."""
    return np.maximum(u, 0)  # blank: u where it is above zero, else 0


# %%
print(relu(np.array([[-2.0, -0.1, 0.0], [0.1, 1.0, 30.0]])))  # [[0 0 0] [0.1 1 30]]

# %% [markdown]
# ## 4 · Identity
#
# A network that estimates a quantity, a temperature or a price, must be able to give any number. Its output layer
# therefore returns its total input unchanged. With this function, every layer has an activation.
#
# $$\mathrm{identity}(u) = u$$


# %% question="identity"
def identity(u):
    """Returns u unchanged."""
    return u  # blank: u, unchanged


# %%
print(identity(np.array([-2.0, 0.0, 2.5])))  # [-2. 0. 2.5]

# %% [markdown]
# ## 5 · Read a listing
#
# ```python
# x = read_features("rooms.csv")
# u = total_input(x, W, b)
# h = functions.step(u)
# z = functions.sigmoid(u)
# y = functions.identity(u)
# print("sigmoid:", z)
# ```
#
# **Question.** Which line applies the sigmoid? Copy it as a string, in quotes.

# %% question="sigmoid_line"
sigmoid_line = "z = functions.sigmoid(u)"  # blank: the line, as a string

# %% [markdown]
# ## 6 · Slopes
#
# A network learns by following slopes, its **gradients**. To get from the output back to an early layer, the slopes of
# all the activations on the way are multiplied (exercise 5 shows how). If the product is almost zero, the early layers
# hardly learn: the gradient **vanishes**. These are the slopes:
#
# | $u$ | −5 | −1 | 1 | 5 |
# |---|---|---|---|---|
# | sigmoid | 0.007 | 0.197 | 0.197 | 0.007 |
# | relu | 0 | 0 | 1 | 1 |
# | identity | 1 | 1 | 1 | 1 |
#
# The steepest place of the sigmoid is $u = 0$, where its slope is 0.25. Another difference: a layer is called
# **sparse** if many of its outputs are exactly 0. That saves work: each sample is described by a few nodes.
#
# **Question.** Which of these sentences are right? Write their letters as a set of strings, in this form: `{"c", "d"}`.
# A wrong letter costs as many points as a missing one.
#
# | | |
# |---|---|
# | `a` | With many layers, gradients vanish with the sigmoid: a product of many slopes of at most 1/4 is almost zero. |
# | `b` | With many layers, gradients vanish with the sigmoid: its outputs lie between 0 and 1. |
# | `c` | With many layers, gradients vanish with relu: its slope is 1 for positive inputs. |
# | `d` | With many layers, gradients vanish with the identity: it has no corner. |
# | `e` | relu gives sparse outputs: every total input up to zero gives exactly 0. |
# | `f` | The sigmoid gives sparse outputs: far to the left they come close to 0. |

# %% question="vanishing_gradient"
vanishing_gradient = {"a", "e"}  # blank: a set of letters

# %% [markdown]
# ## 7 · Which function belongs where
#
# A **hidden layer** needs an activation that is not linear, or else it adds nothing. The **output layer** needs one
# whose values suit the task: any number for a quantity; one probability for yes or no; several probabilities with the
# sum 1 for classes. The last are given by *softmax*, the subject of the next exercise.
#
# **Question.** Which of these functions are used in hidden layers, which in output layers? For each write a list:
# `["hidden"]`, `["output"]` or `["hidden", "output"]`. One of them is used in both.

# %% question="hidden_or_output"
hidden_or_output = {}
hidden_or_output["relu"] = {"hidden"}  # blank: where relu is used
hidden_or_output["sigmoid"] = {"hidden", "output"}  # blank: where the sigmoid is used
hidden_or_output["identity"] = {"output"}  # blank: where the identity is used
hidden_or_output["softmax"] = {"output"}  # blank: where softmax is used
