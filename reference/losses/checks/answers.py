"""Questions that are answered with a choice or a sentence."""

from grader.authoring import matching_question, text_question

why_square = text_question(
    "why_square",
    title="Why square?",
    points=2,
    rubric={
        "Differences of either sign would cancel; squares don't, and are 0 only where the output is right": 1.5,
        "A second reason: large errors count for more, or the square can be differentiated everywhere": 0.5,
    },
    ideal="Differences of either sign would cancel in a sum, so that a bad network could have a loss of 0 or less. "
    "Squares are never negative, and 0 only if every output is right. Besides, large errors count for more than small "
    "ones, and the square is smooth, unlike the absolute value.",
    most_lines=3,
    most_words=90,
)

why_half = text_question(
    "why_half",
    title="What is the 1/2 for?",
    points=1,
    rubric={"It cancels with the 2 that comes down when the square is differentiated": 1},
    ideal="It cancels with the 2 that comes down when the square is differentiated: the derivative is the error "
    "itself. A constant factor does not move the minimum.",
)

task_table = matching_question(
    "task_table",
    title="Which loss for which task?",
    points=3,
    items={
        "regression": "an amount, of any size and sign",
        "binary": "yes or no, one probability",
        "multi_class": "one class of many, probabilities that sum to one",
    },
    options={
        "identity": "the identity at the output",
        "sigmoid": "the sigmoid at the output",
        "softmax": "softmax at the output",
        "mean_squared_error": "the mean squared error",
        "cross_entropy": "the cross-entropy",
    },
    right={
        "regression": {"identity", "mean_squared_error"},
        "binary": {"sigmoid", "cross_entropy"},
        "multi_class": {"softmax", "cross_entropy"},
    },
)


softmax_lines = matching_question(
    "softmax_lines",
    title="What each line of softmax is for",
    points=2.5,
    items={
        "shifted": "the line that subtracts the largest score",
        "powers": "the line with the powers of e",
        "result": "the line with the division",
        "last_axis": "going along the last axis",
        "kept_axis": "keeping that axis, with the length 1",
    },
    options={
        "column": "one number for each sample, in a column, meets its own row",
        "one_batch": "the whole batch sums to one",
        "shares": "every sample sums to one",
        "finite": "no power of e is above 1, so that nothing overflows; the result stays the same",
        "mean_zero": "the scores of every sample have the mean 0",
        "any_form": "the classes of one sample belong together, in (N, C) and in (C,)",
        "positive": "every score becomes a positive number, and their order stays",
    },
    right={
        "shifted": "finite",
        "powers": "positive",
        "result": "shares",
        "last_axis": "any_form",
        "kept_axis": "column",
    },
)


cross_entropy_lines = matching_question(
    "cross_entropy_lines",
    title="What each line of the cross-entropy does",
    points=3.5,
    items={
        "reshape": "the two lines with reshape(1, -1)",
        "comparison": "the line if d.shape == y.shape:",
        "label": "the line that sets label for one-hot targets",
        "right": "the line that sets right",
        "constant": "the small constant inside the logarithm",
        "divided": "the division by N",
        "minus": "the minus sign",
    },
    options={
        "picks": "picks one probability of each row, that of the right class",
        "batch_size": "makes the loss independent of the size of the batch",
        "sum_to_one": "makes the probabilities of a sample sum to one",
        "form": "tells one-hot targets from labels",
        "positive": "makes the loss positive, since logarithms of probabilities are not",
        "wrong_classes": "counts the probabilities of the wrong classes",
        "finite": "keeps the loss finite where a probability is 0",
        "batch_of_one": "makes a single sample a batch of one, so that one formula serves both",
        "class_number": "turns the place of the 1 into the number of the class",
    },
    right={
        "reshape": "batch_of_one",
        "comparison": "form",
        "label": "class_number",
        "right": "picks",
        "constant": "finite",
        "divided": "batch_size",
        "minus": "positive",
    },
)
