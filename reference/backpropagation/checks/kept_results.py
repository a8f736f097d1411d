"""The answer of the question about what is computed once."""

from grader.authoring import reading_question

kept_results = reading_question(
    "kept_results",
    title="What is computed once",
    points=2,
    right=[
        "delta2 = error(d, y)",
        "delta1 = back(delta2, network['W2'], u1)",
    ],
    also={
        "grad['b2'] = summed(delta2)": "grad['b2'] is a result, but no later line uses it again.",
        "grad['W2'] = joined(z1, delta2)": "grad['W2'] is a result, but no later line uses it again.",
    },
    several=True,
)
