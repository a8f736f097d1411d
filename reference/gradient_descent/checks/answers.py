"""Questions that are answered with a line, a choice or a sentence."""

from grader.authoring import matching_question, reading_question, text_question

update_line = reading_question(
    "update_line",
    title="The step in the loop",
    points=1,
    right=["update_step(network, grad, learning_rate)"],
)


descent_kinds = matching_question(
    "descent_kinds",
    title="Three kinds of descent",
    points=3,
    items={
        "gradient_descent": "plain gradient descent",
        "stochastic": "stochastic gradient descent",
        "mini_batch": "descent with mini-batches",
        "advantages": "the advantages of the stochastic one",
    },
    options={
        "few_samples": "the mean error of some samples, drawn at random",
        "one_sample": "the error of one sample, drawn at random",
        "all_samples": "the mean error of all samples",
        "exact": "every step follows the gradient of the whole loss",
        "less_computation": "a step costs less computation",
        "always_falls": "the loss falls with every step",
        "poor_minimum": "less risk of being caught in a poor local minimum",
        "no_rate": "no learning rate has to be chosen",
        "online": "it can go on learning, sample by sample, while data come in",
    },
    right={
        "gradient_descent": "all_samples",
        "stochastic": "one_sample",
        "mini_batch": "few_samples",
        "advantages": {"less_computation", "poor_minimum", "online"},
    },
)

online_learning = text_question(
    "online_learning",
    title="Online learning",
    points=1,
    rubric={
        "Samples are learnt from one by one, as they come in": 0.5,
        "Each changes the parameters at once, without going over the old data again": 0.5,
    },
    ideal="Learning from samples as they come in, one by one: each new one changes the parameters a little, without "
    "going over all the old data again.",
)
