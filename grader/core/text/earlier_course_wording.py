"""Earlier sentences of the bundled course's checks, which are stored in databases, and today's."""

from collections.abc import Mapping
from typing import Final

COURSE_TEMPLATES: Final[Mapping[str, str]] = {
    "A sigmoid lies between 0 and 1; a result of yours does not.": (
        "The sigmoid lies between 0 and 1, but one of your results does not."
    ),
    (
        "The run `{run}` goes forward with {forward}, but backward with the derivative of {backward}: both "
        "have to be changed, as a pair."
    ): (
        "The run `{run}` uses {forward} in the forward pass, but the derivative of {backward} in the "
        "backward pass. Both passes must use the same activation."
    ),
    "{sentence} Just as in an older notebook of this course.": (
        "{sentence} An older notebook of this course had the same mistake."
    ),
    "There is no `convergence[{run}]`, a dict.": "`convergence[{run}]` is missing; it should be a dict.",
    "The losses of `{run}` don't stay finite: a smaller learning rate?": (
        "The losses of `{run}` don't stay finite. Try a smaller learning rate."
    ),
    "The backward pass of `{run}` has the derivative of the {forward}, but takes it at the wrong place.": (
        "The backward pass of `{run}` uses the derivative of {forward}, but at the wrong value."
    ),
    ("Moving network[{key}]{at} a little changes the loss at a rate of {slope}, but its gradient says {value}."): (
        "A small change of network[{key}]{at} changes the loss at a rate of {slope}, but its gradient is {value}."
    ),
    "The loss of `{run}` goes from {first} to {last}; it should fall well below.": (
        "The loss of `{run}` goes from {first} to {last}; it should fall below three quarters of its first value."
    ),
    "The curves of `{one}` and `{other}` are the same: what was changed between the runs?": (
        "The curves of `{one}` and `{other}` are the same. Use different settings for each run."
    ),
    "{name} of `{run}` is not that of a forward pass with {activation} and sigmoid outputs.": (
        "{name} of `{run}` does not match a forward pass with {activation} and sigmoid outputs."
    ),
    "There is no `learning_rate_effect[{name}]`.": "`learning_rate_effect[{name}]` is missing.",
    "`{name}` begins with a loss of {first}; in this valley, at W = 3 and b = 1, it is 19.": (
        "`{name}` begins with a loss of {first}; at W = 3 and b = 1 it should be 19."
    ),
    "`too_small` comes down to {last}, less than a tenth of {first}: not too small at all.": (
        "`too_small` falls to {last}, less than a tenth of {first}: this rate is not too small."
    ),
    "`good` ends at {last}; below {wanted} is asked for.": "`good` ends at {last}; it should end below {wanted}.",
    "`too_large` ends at {last}, not above {first}, with which it began.": (
        "`too_large` ends at {last}, which is not above its first value {first}."
    ),
    "Row {row} of what you yielded is no row of x.": "Row {row} of the yielded inputs is not a row of x.",
    "The samples came in the order in which they were passed in.": "The samples are in their original order.",
    "Samples that were neighbours came in the same mini-batch: shuffle the samples, then split them.": (
        "Neighbouring samples are in the same mini-batch: shuffle the samples, then split them."
    ),
    "Not every sample has a step of its own in each of the two epochs.": (
        "In each of the two epochs, every sample should have its own step."
    ),
    "Both epochs went over the samples in the order in which they were passed in.": (
        "Both epochs used the samples in their original order."
    ),
    "Both epochs went over the samples in the same order: shuffle them in every epoch.": (
        "Both epochs used the samples in the same order: shuffle them in every epoch."
    ),
    "network[{key}] went along its gradient: uphill.": (
        "network[{key}] changed in the direction of its gradient, which is uphill."
    ),
    "network[{key}] did not move, though its gradient is not zero.": (
        "network[{key}] did not change, though its gradient is not zero."
    ),
    "Sample {number} comes {times} times in the epoch; once is right.": (
        "Sample {number} occurs {times} times in the epoch instead of once."
    ),
    "Sample {number} of x came with a target that is not row {number} of d.": (
        "Sample {number} of x is paired with a target that is not row {number} of d."
    ),
    "The order doesn't come from rng, but from another generator: it is the same whatever rng is.": (
        "The order is the same for every rng: draw it from rng, not from another generator."
    ),
    "Every output is its target, so the loss must be 0, but it is {value}.": (
        "Every output equals its target, so the loss must be 0, but it is {value}."
    ),
    "A probability can't be negative, but {value} is among them.": (
        "A probability can't be negative, but one of yours is {value}."
    ),
    "A probability of 0 must cost more than any other; a mean loss of {value} is out of range.": (
        "A mean loss of {value} is out of range: a probability of 0 must give a large, finite loss."
    ),
    "A step is 0 or 1, but {other} is among the results.": "A step is 0 or 1, but one of your results is {other}.",
    "A line joins two nodes that don't lie in neighbouring layers, or two lines join the same nodes.": (
        "A line connects two nodes that are not in neighbouring layers, or two lines connect the same nodes."
    ),
    "The probabilities make {total} together; they must make 1.": (
        "The probabilities sum to {total}; they must sum to 1."
    ),
    "The winner, {name}, is none of the classes.": "The winner, {name}, is not one of the classes.",
    "`{name}` has shape {actual}; expected was {expected}.": "`{name}` has the shape {actual} instead of {expected}.",
    "`{name}` has {value} in it; every weight should be {number}.": (
        "`{name}` contains {value}; every weight should be {number}."
    ),
    "`{name}` lacks the bias.": "The bias is missing in `{name}`.",
    "`W_random` has {value} in it, which is not between 0 and 1.": (
        "`W_random` contains {value}, which is not between 0 and 1."
    ),
    "Of the numbers of `W_random` only {n} differ.": "`W_random` has only {n} different numbers.",
}
