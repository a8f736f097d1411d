"""A variable is found by its place in the data flow, whatever it is called, and never by its value."""

import ast

import pytest

from grader.core.wire.assignment_target import FlowRole, Target
from grader.core.wire.assignments import Function
from grader.core.wire.find_variables import describe_roles, find_by_role, find_targets

REFERENCE = """
def backward(network, x, d, u1, z1, y):
    N = x.shape[0]
    grad = {}
    delta2 = (y - d) / N
    grad["b2"] = np.sum(delta2, axis=0)
    grad["W2"] = np.dot(z1.T, delta2)
    delta1 = np.dot(delta2, network["W2"].T) * (u1 > 0)
    grad["b1"] = np.sum(delta1, axis=0)
    grad["W1"] = np.dot(x.T, delta1)
    return grad
"""
HEAD = "def backward(net, inputs, target, a, h, out):\n    "


def parse(source: str) -> Function:
    """Return the only function of a text."""
    (function,) = ast.parse(source).body
    assert isinstance(function, Function)
    return function


ROLES = describe_roles(parse(REFERENCE), ["delta2", "delta1"])


def test_roles_of_a_reference() -> None:
    """A role says which parts follow directly, and from which arguments the variable follows."""
    assert {
        "delta2": FlowRole(("b2", "W2"), (1, 2, 5)),
        "delta1": FlowRole(("b1", "W1"), (0, 1, 2, 3, 5)),
    } == ROLES


WRITTEN = {
    "renamed": (
        'n = len(inputs)\n    g = {}\n    e = (out - target) / n\n    g["b2"] = e.sum(0)\n    g["W2"] = h.T @ e\n'
        '    k = (e @ net["W2"].T) * (a > 0)\n    g["b1"] = k.sum(0)\n    g["W1"] = inputs.T @ k\n    return g',
        ("e", "k"),
    ),
    "step_by_step": (
        "n = len(inputs)\n    diff = out - target\n    e = diff / n\n    db2 = e.sum(0)\n    dW2 = h.T @ e\n"
        '    weights = net["W2"].T\n    back = e @ weights\n    mask = a > 0\n    k = back * mask\n    db1 = k.sum(0)\n'
        "    dW1 = inputs.T @ k\n    return {'W1': dW1, 'b1': db1, 'W2': dW2, 'b2': db2}",
        ("e", "k"),
    ),
    "swapped_names": (
        'delta1 = (out - target) / len(inputs)\n    delta2 = (delta1 @ net["W2"].T) * (a > 0)\n'
        "    return dict(b2=delta1.sum(0), W2=h.T @ delta1, b1=delta2.sum(0), W1=inputs.T @ delta2)",
        ("delta1", "delta2"),
    ),
    "unpacked": (
        "e, k = deltas(net, inputs, target, a, out)\n"
        "    return dict(b2=e.sum(0), W2=h.T @ e, b1=k.sum(0), W1=inputs.T @ k)",
        ("e", "k"),
    ),
    "changed_in_steps": (
        'e = out - target\n    e /= len(inputs)\n    k = e @ net["W2"].T\n    k[a <= 0] = 0\n'
        "    return dict(b2=e.sum(0), W2=h.T @ e, b1=k.sum(0), W1=inputs.T @ k)",
        ("e", "k"),
    ),
    "a_wrong_part": (
        'e = (out - target) / len(inputs)\n    k = (e @ net["W2"].T) * (a > 0)\n'
        "    return dict(b2=0, W2=h.T @ e, b1=k.sum(0), W1=inputs.T @ k)",
        ("e", "k"),
    ),
    "wrong_values": (
        'e = target - out\n    k = e @ net["W2"].T\n'
        "    return dict(b2=e.sum(0), W2=h.T @ e, b1=k.sum(0), W1=inputs.T @ k)",
        ("e", "k"),
    ),
}


@pytest.mark.parametrize("way", WRITTEN)
def test_a_variable_is_found_by_its_place(way: str) -> None:
    """The two deltas are found under other names, in other steps, and where they are wrong."""
    body, (second, first) = WRITTEN[way]
    assert find_by_role(parse(HEAD + body), ROLES) == {"delta2": second, "delta1": first}


def test_a_guess_beside_the_calculation_is_not_found() -> None:
    """Variables from which nothing follows are no candidates, however many there are."""
    body = (
        "guess1 = out - target\n    guess2 = guess1 / len(inputs)\n    guess3 = guess1 / target.size\n"
        "    return dict(b2=0, W2=0, b1=0, W1=0)"
    )
    assert find_by_role(parse(HEAD + body), ROLES) == {}


def test_no_variable_has_two_roles() -> None:
    """A single variable that feeds everything has the role that fits better."""
    body = "e = (out - target) / len(inputs)\n    return dict(b2=e.sum(0), W2=e * 2, b1=e.sum(1), W1=e * 3)"
    assert find_by_role(parse(HEAD + body), ROLES) == {"delta2": "e"}


def test_a_product_is_no_delta() -> None:
    """A variable that holds a part of the result isn't taken for the one from which it follows."""
    reference = parse("def f(d, z, y):\n    g = {}\n    delta = y - d\n    g['W'] = z.T @ delta\n    return g")
    roles = describe_roles(reference, ["delta"])
    for end in ("g['W'] = product\n    return g", "return {'W': product}", "return {'W': product * 1}"):
        body = f"def f(d, z, y):\n    turned = z.T\n    e = y - d\n    product = turned @ e\n    g = {{}}\n    {end}"
        assert find_by_role(parse(body), roles) == {"delta": "e"}


TARGETS = (
    Target("delta2", role=ROLES["delta2"]),
    Target("grad", ("W2",), part="W2"),
    Target("delta1", role=ROLES["delta1"]),
)


def test_targets_of_a_function_with_other_names() -> None:
    """Variables and parts that can be set right are found; a part that is an expression can't be."""
    renamed, _ = WRITTEN["renamed"]
    found = find_targets(parse(HEAD + renamed), TARGETS)
    assert [found[target].label for target in TARGETS] == ["e", "g['W2']", "k"]
    stepwise, _ = WRITTEN["step_by_step"]
    found = find_targets(parse(HEAD + stepwise), TARGETS)
    assert [found[target].label for target in TARGETS] == ["e", "dW2", "k"]
    swapped, _ = WRITTEN["swapped_names"]
    found = find_targets(parse(HEAD + swapped), TARGETS)
    assert [found[t].label for t in TARGETS if t in found] == ["delta1", "delta2"]


def test_targets_of_the_reference() -> None:
    """In a function that is written like the reference, every target is its own."""
    assert find_targets(parse(REFERENCE), TARGETS) == {target: target for target in TARGETS}


def test_items_of_a_tuple() -> None:
    """Positions of a returned tuple are found under other names."""
    wanted = (Target("u", part=0), Target("z", part=1))
    found = find_targets(parse("def forward(x):\n    a = 2 * x\n    h = a + 1\n    return a, h"), wanted)
    assert found == {wanted[0]: Target("a"), wanted[1]: Target("h")}
