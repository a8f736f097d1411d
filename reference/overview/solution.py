# %% [markdown]
# # Overview: what a network is
#
# A neural network turns numbers into other numbers: measurements of an animal into the kind of animal, say. In between
# stand layers of **nodes**. Each node computes a weighted sum of its inputs and passes it through a function, its
# **activation**. The weights are not programmed: they are learnt from examples. In this exercise you draw a network,
# work out what its nodes do, and let data run through it once, from the input to the output.
#
# <img width="560" alt="A network: three inputs, a hidden layer of two nodes, two outputs; lines join neighbouring
#  layers" src='data:image/svg+xml;utf8,<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 230"
#  font-family="sans-serif" font-size="15" text-anchor="middle"><rect width="560" height="230" fill="white"/>
#  <g stroke="darkgray" stroke-width="1.5">
#  <path d="M90 55L280 80M90 55L280 160M90 120L280 80M90 120L280 160M90 185L280 80M90 185L280 160"/>
#  <path d="M280 80L470 80M280 80L470 160M280 160L470 80M280 160L470 160"/></g>
#  <g stroke="dimgray" stroke-width="1.5" fill="white"><circle cx="90" cy="55" r="22"/><circle cx="90" cy="120" r="22"/>
#  <circle cx="90" cy="185" r="22"/><g fill="aliceblue"><circle cx="280" cy="80" r="28"/>
#  <circle cx="280" cy="160" r="28"/><circle cx="470" cy="80" r="28"/><circle cx="470" cy="160" r="28"/></g>
#  <path d="M280 52V108M280 132V188M470 52V108M470 132V188"/></g>
#  <g font-style="italic"><text x="90" y="60">x</text><text x="90" y="125">x</text><text x="90" y="190">x</text>
#  <text x="267" y="85">u</text><text x="293" y="85">z</text><text x="267" y="165">u</text>
#  <text x="293" y="165">z</text><text x="457" y="85">u</text><text x="483" y="85">y</text>
#  <text x="457" y="165">u</text><text x="483" y="165">y</text>
#  <text x="185" y="50">W1, b1</text><text x="375" y="62">W2, b2</text></g>
#  <text x="90" y="20">input</text><text x="280" y="20">hidden layer</text><text x="470" y="20">output layer</text>
#  </svg>'>
#
# Every line between two nodes is one weight. The left half of a node is what comes in, the right half what goes out.
#
# | name | shape | meaning |
# |---|---|---|
# | `x` | `(N, D_in)` or `(D_in,)` | input: one row for each sample |
# | `W1`, `W2` | `(D_in, H)`, `(H, C)` | weights: the column $j$ of `W1` belongs to the hidden node $j$ |
# | `b1`, `b2` | `(H,)`, `(C,)` | biases: one number for each node |
# | `u1`, `u2` | `(N, H)`, `(N, C)` | total input of the nodes of a layer |
# | `z1` | `(N, H)` | output of the hidden layer |
# | `y` | `(N, C)` | output of the network |
#
# $N$ is the number of samples in a **batch**, $D_{in}$ that of inputs, $H$ that of hidden nodes, $C$ that of outputs.
# Samples lie along the first axis, always: row $n$ belongs to sample $n$. A single sample may come without that axis.
#
# Fill in every `____`. A line that still has one stops with a `NameError`; the cells after it can be run all the same.

# %%
import numpy as np

# %% [markdown]
# ## 1 · The aim of learning
#
# To learn, a network is shown examples: inputs $x$, each with the output that it should give, the target $d$. Its own
# output $y$ differs from that, and one number says by how much: the **error**. With other weights and biases the same
# inputs give another output, and so another error.
#
# **Question.** What does deep learning try to do in the end? Double-click the cell below and answer in at most two
# lines, in place of the `____`. The first line of that cell says which question it answers: leave it as it is.

# %% [markdown] question="purpose"
# question: purpose
#
# ### BEGIN SOLUTION
# It looks for the parameters, weights and biases, for which the error between output and target is as small as it can
# be.
# ### END SOLUTION

# %% [markdown]
# ## 2 · Which values are optimised
#
# Learning is an optimisation. Many numbers change while it runs; only some of them are the result that it looks
# for and that is stored when the network has learnt.
#
# | key | value |
# |---|---|
# | `X` | input |
# | `Y` | output |
# | `W` | weights |
# | `b` | biases |
# | `u` | total input |
# | `z` | output of the hidden layer |
# | `learning_rate` | how far one step of learning goes |
#
# **Question.** Which of these seven does the optimisation finally look for? Write the keys as a set of strings, in
# this form: `{"X", "Y"}`. A wrong key costs as many points as a missing one.

# %% question="optimised_values"
optimised_values = {"W", "b"}  # blank: a set of keys

# %% [markdown]
# ## 3 · Draw a network
#
# A network can be described by a list: the number of nodes of each layer, from the input to the output. Every node is
# connected to every node of the next layer. The network in the figure above is `[3, 2, 2]`.
#
# **Question.** Draw the network with 2 inputs, two hidden layers of 3 nodes each, and 1 output. Your feedback will show
# it. (How many lines will it have? Each of them is a weight.)

# %% question="draw_network"
draw_network = [2, 3, 3, 1]  # blank: the number of nodes of each layer, in a list

# %% [markdown]
# ## 4 · A network that recognises animals
#
# A network that classifies things has one input for each **feature**, something that can be measured, and one
# output for each **class**. Its outputs are probabilities: none is negative, and their sum is 1. The class with the
# largest probability wins. An example with fruit: from `"weight"` and `"redness"` it makes `"apple"`
# 0.7 and `"pear"` 0.3, and the apple wins.
#
# **Question.** Do the same for animals: at least two features, at least two classes with the probabilities that the
# network might give for one animal, and the winner. The last line makes a network of them, which will be drawn.

# %% question="animal_classifier"
features = ["weight in kg", "length of the tail in cm"]  # blank: names of features, in a list
classes = {"dog": 0.1, "cat": 0.05, "mouse": 0.85}  # blank: a dict, from the name of each class to its probability
winner = "mouse"  # blank: the name of the class that wins
animal_classifier = {"inputs": features, "hidden": [3], "outputs": classes, "winner": winner}

# %% [markdown]
# ## 5 · The total input
#
# The node $j$ multiplies every input by its own weight, sums the products, and adds its bias:
#
# $$u_j = \sum_{i=1}^{D_{in}} x_i \, W_{ij} + b_j$$
#
# This sum over $i$ is a product of matrices, so one line of numpy does it for all nodes and all samples at once. The
# shapes show how: `(N, D_in)` times `(D_in, H)` is `(N, H)`, and numpy adds the biases `(H,)` to each row. For a single
# sample the same line gives `(D_in,)` times `(D_in, H)`, which is `(H,)`.


# %% question="total_input"
def total_input(x, W, b):
    """Total input of a layer: x (N, D_in) or (D_in,), W (D_in, H), b (H,) -> u (N, H) or (H,)."""
    return np.dot(x, W) + b  # blank: the weighted sum of the inputs of each node, and its bias


# %% [markdown]
# Try it: two inputs, three nodes. A single sample should give `[2.1, 3.2, 4.3]`, the batch `[[2.1, 3.2, 4.3], [0.1,
# 0.2, 0.3]]`: where all inputs are zero, the bias is left.

# %%
W = np.array([[0.0, 1.0, 2.0], [1.0, 1.0, 1.0]])
b = np.array([0.1, 0.2, 0.3])
print(total_input(np.array([1.0, 2.0]), W, b))
print(total_input(np.array([[1.0, 2.0], [0.0, 0.0]]), W, b))

# %% [markdown]
# ## 6 · Read a forward pass
#
# This listing lets data run through a network. It uses ready-made functions from a module `functions`.
#
# ```python
# x = read_features("mouse.csv")
# W, b = load("hidden layer")
# u = total_input(x, W, b)
# z = functions.relu(u)
# V, c = load("output layer")
# v = total_input(z, V, c)
# y = functions.softmax(v)
# print("probabilities:", y)
# ```
#
# **Question.** Which line defines the output of the hidden layer? Copy it as a string, in quotes. Spaces and quotes
# may differ.

# %% question="hidden_output_line"
hidden_output_line = "z = functions.relu(u)"  # blank: the line, as a string

# %% [markdown]
# ## 7 · Initial weights
#
# Before a network has learnt anything, its weights need initial values. Take one sample of two inputs and a layer of
# three nodes:

# %%
sample = np.array([1.0, 2.0])
bias = np.array([0.1, 0.2, 0.3])

# %% [markdown]
# **Question.** Make the weights, shape `(2, 3)`, in three ways, and for each work out the total input of the layer,
# shape `(3,)`: all zeros; all ones; random numbers, spread evenly between 0 and 1. numpy has a function for each.

# %% question="initial_weights"
W_zeros = np.zeros((2, 3))  # blank: weights that are all 0
u_zeros = np.dot(sample, W_zeros) + bias  # blank: the total input with them
print(u_zeros)

# %% question="initial_weights"
W_ones = np.ones((2, 3))  # blank: weights that are all 1
u_ones = np.dot(sample, W_ones) + bias  # blank: the total input with them
print(u_ones)

# %% question="initial_weights"
W_random = np.random.uniform(0, 1, size=(2, 3))  # blank: random weights between 0 and 1
u_random = np.dot(sample, W_random) + bias  # blank: the total input with them
print(u_random)

# %% [markdown]
# With zeros, and also with ones, the total inputs of the three nodes differ only by their biases. Nodes
# that start with equal parameters get equal gradients and stay equal, so that three of them can do no more than one.
# Random weights make them differ.

# %% [markdown]
# ## 8 · A whole forward pass
#
# Now the whole network, from left to right: two layers, one after the other. The parameters come in a dict `network`
# with the keys `"W1"`, `"b1"`, `"W2"` and `"b2"`.
#
# - **Hidden layer.** Its activation is *relu*: a total input above zero stays unchanged, and every other one becomes 0.
#
# $$u_1 = x W_1 + b_1 \qquad z_1 = \max(u_1, 0)$$
#
# - **Output layer.** Its input is the output of the hidden layer. This network estimates quantities, which may be any
#   numbers, so its output is the total input itself:
#
# $$u_2 = z_1 W_2 + b_2 \qquad y = u_2$$
#
# The maximum is taken number by number: `u1` and `z1` have the same shape. All four results are returned, since
# learning will need them. Use no loop; a batch runs through as one array.


# %% question="forward"
def forward(network, x):
    """One forward pass: x (N, D_in) or (D_in,) -> u1 and z1 (N, H) or (H,), u2 and y (N, C) or (C,)."""
    u1 = np.dot(x, network["W1"]) + network["b1"]  # blank: total input of the hidden layer
    z1 = np.maximum(u1, 0)  # blank: output of the hidden layer: relu of u1
    u2 = np.dot(z1, network["W2"]) + network["b2"]  # blank: total input of the output layer
    y = u2  # blank: output of the network
    return u1, z1, u2, y


# %% [markdown]
# Try it with two samples and a network of two inputs, three hidden nodes and two outputs. `z1` should be
# `[[1.5, 0, 1], [0, 2.5, 4]]`, and `y` should be `[[3.5, -2], [12.5, 3.5]]`. Which hidden node is off for which sample?

# %%
network = {
    "W1": np.array([[1.0, -1.0, 0.0], [0.5, 0.0, 1.0]]),
    "b1": np.array([0.0, 0.5, 0.0]),
    "W2": np.array([[1.0, -1.0], [3.0, 1.0], [1.0, 0.5]]),
    "b2": np.array([1.0, -1.0]),
}
x = np.array([[1.0, 1.0], [-2.0, 4.0]])
for name, value in zip(("u1", "z1", "u2", "y"), forward(network, x), strict=True):
    print(name, value.shape)
    print(value)
