"""Find a function's variables by their place in its data flow, whatever it names them.

A variable is found by structure alone, never by its value: code that offers several guesses has one variable in each
place, so that no guess is chosen because it is right.
"""

import ast
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from grader.core.wire.assignment_target import FlowRole, PathKey, Target
from grader.core.wire.assignments import Function, find_sole_assignment
from grader.core.wire.flow_graph import FlowGraph, build_flow_graph

_PERFECT: Final = 2.0
"""Score of a variable that feeds the same parts, and follows from the same arguments, as the reference's."""


def describe_roles(function: Function, names: Sequence[str]) -> dict[str, FlowRole]:
    """Return the roles of local variables of a reference."""
    graph = FlowGraph(function)
    roles = {}
    for name in names:
        others = [other for other in names if other != name]
        reached = (key for key, nodes in graph.parts.items() if name in graph.find_ancestors(nodes, blocked=others))
        roles[name] = FlowRole(tuple(reached), tuple(sorted(graph.find_arguments(name))))
    return roles


def find_by_role(function: Function, roles: Mapping[str, FlowRole]) -> dict[str, str]:
    """Return the variables of a function that have these roles, by the reference's names of them."""
    return {wanted: found for wanted, (found, _) in _match_roles(build_flow_graph(function), roles).items()}


def find_targets(function: Function, targets: Iterable[Target]) -> dict[Target, Target]:
    """Return for each target of a reference the one that has its place in this function, if there is one.

    A variable of the target's own name is preferred, unless another one fits perfectly, or it has another role itself.
    A variable that stands for two targets is left out: set right for one, it would be handed in as the other.
    """
    graph = FlowGraph(function)
    wanted = tuple(targets)
    matched = _match_roles(graph, {target.name: target.role for target in wanted if target.role})
    found = {}
    for target in wanted:
        named, score = matched.get(target.name, ("", 0.0))
        own = find_sole_assignment(function, target) is not None
        has_other_role = any(name == target.name for other, (name, _) in matched.items() if other != target.name)
        if target.role and named and (not own or has_other_role or score >= _PERFECT):
            found[target] = Target(named)
        elif (part := _find_part(graph, target.part)) and find_sole_assignment(function, part):
            found[target] = part
        elif own:
            found[target] = target
    shared = [one for one, times in Counter(found.values()).items() if times > 1]
    return {target: one for target, one in found.items() if one not in shared}


def _find_part(graph: FlowGraph, key: PathKey | None) -> Target | None:
    """Return the target that is a part of the returned value."""
    if key is None:
        return None
    if key in graph.part_variables:
        return Target(graph.part_variables[key])
    return Target(graph.container, (key,)) if graph.container else None


def _match_roles(graph: FlowGraph, roles: Mapping[str, FlowRole]) -> dict[str, tuple[str, float]]:
    """Return the variable of each role, and how well it fits. No variable has two roles."""
    scores = [
        (score, graph.last_stores[name], wanted, name)
        for wanted, role in roles.items()
        for name in _list_candidates(graph, {key for role in roles.values() for key in role.feeds})
        if (score := _score(graph, name, role)) > 0
    ]
    matched: dict[str, tuple[str, float]] = {}
    for score, _, wanted, name in sorted(scores, key=lambda one: one[:2], reverse=True):
        if wanted not in matched and all(name != taken for taken, _ in matched.values()):
            matched[wanted] = name, score
    return matched


def _list_candidates(graph: FlowGraph, fed: Collection[PathKey | None]) -> list[str]:
    """Return the stored variables that are neither the returned value nor, as they are, a part that is fed."""
    returned = {graph.container, *(name for key, name in graph.part_variables.items() if key in fed)}
    if graph.returned and isinstance(value := graph.returned[-1], ast.Name):
        returned.add(value.id)
    return [name for name in graph.last_stores if name not in returned]


def _score(graph: FlowGraph, name: str, role: FlowRole) -> float:
    """Return a number from 0 to 2: the share of the role's parts that it feeds, plus the agreement of its arguments."""
    arguments, wanted = graph.find_arguments(name), set(role.reads)
    agreement = len(arguments & wanted) / len(arguments | wanted) if arguments | wanted else 1.0
    if not role.feeds:  # it feeds no returned value
        return _PERFECT if agreement == 1.0 else 0.0
    fed = sum(key in graph.parts and name in graph.find_ancestors(graph.parts[key]) for key in role.feeds)
    return fed / len(role.feeds) + agreement if fed else 0.0
