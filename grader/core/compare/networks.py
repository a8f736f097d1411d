"""Networks submitted as data: parsed into nodes by layer and edges, compared, and drawn in the feedback.

There are three forms, each with at most MAX_NODES nodes:

    [2, 3, 3, 1]                                                     the sizes of the layers
    {"nodes": ["x", "z", "y"], "edges": [("x", "z"), ("z", "y")]}    or "layers": [["x"], ["z"], ["y"]]
    {"inputs": ["weight"], "outputs": {"cat": 0.25, "dog": 0.75}, "winner": "dog"}    and optionally "hidden": [3]

Without edges, each node is connected to all nodes of the next layer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import Any, Final

import numpy as np

from grader.core.compare.tensors import format_number, get_value_type
from grader.core.text.messages import Message, TranslatableError, gettext
from grader.core.wire.values import Value

MAX_NODES: Final = 200
"""Largest number of nodes."""
MAX_EDGES: Final = 2_000
"""Largest number of edges."""
MAX_NODE_NAME_CHARS: Final = 40
"""Largest number of characters of a node's name."""


class InvalidDrawingError(TranslatableError, ValueError):
    """The value isn't a network; the message gives the reason, as a continuation of the variable's name."""


@dataclass(frozen=True)
class Drawing:
    """A network: the names of the nodes of each layer, the edges as pairs of names, and a note beside each node.

    `given` is the original value; it is ignored in comparisons and not stored.
    """

    layers: tuple[tuple[str, ...], ...]
    edges: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str], ...] = ()
    winner: str = ""
    given: Value = field(default=None, compare=False, repr=False)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of nodes of each layer."""
        return tuple(len(layer) for layer in self.layers)

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return sum(self.sizes)

    @property
    def is_complete(self) -> bool:
        """Whether every node is connected to every node of the next layer, and to no other."""
        return set(self.edges) == set(_connect_all(self.layers)) and len(self.edges) == len(set(self.edges))


def make_complete_network(*sizes: int) -> Drawing:
    """Return a network with layers of these sizes, each node connected to all of the next layer: `Network(2, 3, 1)`."""
    return parse_drawing(list(sizes))


def parse_drawing(value: Value) -> Drawing:
    """Return the network that a value of the wire format describes. Raises InvalidDrawingError."""
    if isinstance(value, dict):
        if "outputs" in value:
            return _parse_classifier(value)
        return _parse_graph(value)
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if not isinstance(value, list | tuple):
        raise InvalidDrawingError(
            gettext("should be a list of layer sizes or a dict, but is {found}", found=_describe_small_value(value))
        )
    layers = _layers(value)
    return Drawing(layers, _require_few_edges(_connect_all(layers)), given=value)


def _parse_graph(value: Mapping[Any, Value]) -> Drawing:
    if "layers" not in value and "nodes" not in value:
        raise InvalidDrawingError(gettext('lacks the key "layers" (or "nodes", or "inputs" and "outputs")'))
    edges = _edges(value["edges"]) if "edges" in value else None
    if "layers" in value:
        layers = _layers(_items(value["layers"], "layers"))
    else:
        nodes = _items(value["nodes"], "nodes")
        nested = any(isinstance(item, list | tuple) for item in nodes)
        layers = _layers(nodes) if nested or edges is None else _layer_by_depth(_names(nodes, "nodes"), edges)
    known = {name for layer in layers for name in layer}
    for end in (end for edge in edges or () for end in edge):
        if end not in known:
            raise InvalidDrawingError(gettext("has an edge to or from `{end}`, which is not one of its nodes", end=end))
    return Drawing(layers, _require_few_edges(_connect_all(layers)) if edges is None else edges, given=value)


def _parse_classifier(value: Mapping[Any, Value]) -> Drawing:
    outputs = value["outputs"]
    if not isinstance(outputs, dict):
        raise InvalidDrawingError(
            gettext(
                'has "outputs" that should be a dict (name: probability), but are {found}',
                found=_describe_small_value(outputs),
            )
        )
    inputs = _names(_items(value.get("inputs", ()), "inputs"), "inputs")
    classes = _names(list(outputs), "outputs")
    notes = []
    for name, share in zip(classes, outputs.values(), strict=True):
        if isinstance(share, bool) or not isinstance(share, int | float | np.number) or np.iscomplexobj(share):
            raise InvalidDrawingError(
                gettext(
                    "gives {found} for `{name}` instead of a probability",
                    name=name,
                    found=_describe_small_value(share),
                )
            )
        notes.append((name, format_number(share)))
    hidden = _layers(_items(value.get("hidden", ()), "hidden"), first=1) if value.get("hidden") is not None else ()
    layers = _require_distinct_nodes((inputs, *hidden, classes))
    notes = [(layers[-1][i], text) for i, (_, text) in enumerate(notes)]
    winner = value.get("winner", "")
    return Drawing(
        layers,
        _require_few_edges(_connect_all(layers)),
        tuple(notes),
        _name(winner, "winner") if winner else "",
        given=value,
    )


def _layers(value: Sequence[Value], first: int = 0) -> tuple[tuple[str, ...], ...]:
    """Return layers from their sizes or names."""
    layers: list[tuple[str, ...]] = []
    for i, item in enumerate(_items(value, "layers"), first):
        if isinstance(item, bool | np.bool_) or not isinstance(item, int | np.integer | list | tuple | np.ndarray):
            raise InvalidDrawingError(
                gettext(
                    "has a layer that is {found} instead of a number of nodes",
                    found=_describe_small_value(item),
                )
            )
        if isinstance(item, int | np.integer):
            if not 0 < item <= MAX_NODES:
                raise InvalidDrawingError(
                    gettext(
                        "has a layer of {found} nodes; 1 to {most} can be drawn",
                        found=_describe_small_value(item),
                        most=MAX_NODES,
                    )
                )
            item = [f"{i}.{n}" for n in range(1, int(item) + 1)]
        layers.append(_names(_items(item, "layers"), "layers"))
        if sum(map(len, layers)) > MAX_NODES:
            raise InvalidDrawingError(gettext("has more than {most} nodes", most=MAX_NODES))
    return _require_distinct_nodes(tuple(layers))


def _require_distinct_nodes(layers: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    names = [name for layer in layers for name in layer]
    if len(names) > MAX_NODES:
        raise InvalidDrawingError(gettext("has more than {most} nodes", most=MAX_NODES))
    if not all(layers) or not layers:
        raise InvalidDrawingError(gettext("has a layer without nodes") if layers else gettext("has no layers"))
    for name in names:
        if names.count(name) > 1:
            raise InvalidDrawingError(gettext("has two nodes named `{name}`", name=name))
    return layers


def _layer_by_depth(nodes: tuple[str, ...], edges: tuple[tuple[str, str], ...]) -> tuple[tuple[str, ...], ...]:
    """Return the nodes in layers: each one layer behind the last of the nodes that lead to it."""
    depth = dict.fromkeys(nodes, 0)
    for _ in nodes:
        moved = False
        for start, end in edges:
            if start in depth and end in depth and depth[end] <= depth[start]:
                depth[end], moved = depth[start] + 1, True
        if not moved:
            deepest = range(max(depth.values(), default=-1) + 1)
            return _require_distinct_nodes(tuple(tuple(n for n in nodes if depth[n] == d) for d in deepest))
    raise InvalidDrawingError(gettext("contains a cycle: its edges lead from a node back to the same node"))


def _edges(value: Value) -> tuple[tuple[str, str], ...]:
    pairs = _items(value, "edges", MAX_EDGES)
    edges = []
    for pair in pairs:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise InvalidDrawingError(gettext("has an edge that is not a pair of nodes"))
        edges.append((_name(pair[0], "edges"), _name(pair[1], "edges")))
    return tuple(edges)


def _connect_all(layers: Iterable[tuple[str, ...]]) -> Iterable[tuple[str, str]]:
    return (pair for one, other in pairwise(layers) for pair in product(one, other))


def _require_few_edges(edges: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    found = tuple(edges)
    if len(found) > MAX_EDGES:
        raise InvalidDrawingError(gettext("has more than {most} edges", most=MAX_EDGES))
    return found


def _items(value: Value, what: str, most: int = MAX_NODES) -> Sequence[Value]:
    if isinstance(value, np.ndarray) and value.ndim:
        value = value.tolist() if value.size <= most else range(most + 1)
    if isinstance(value, dict):
        value = list(value)
    if not isinstance(value, list | tuple | range):
        raise InvalidDrawingError(
            gettext("has {what} that should be a list, but are {found}", what=what, found=_describe_small_value(value))
        )
    if len(value) > most:
        if what == "edges":
            raise InvalidDrawingError(gettext("has more than {most} edges", most=most))
        raise InvalidDrawingError(gettext("has more than {most} nodes", most=most))
    return value


def _names(values: Sequence[Value], what: str) -> tuple[str, ...]:
    return tuple(_name(value, what) for value in values)


def _name(value: Value, what: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | np.integer) or value == "":
        raise InvalidDrawingError(
            gettext("has {found} instead of a name in {what}", what=what, found=_describe_small_value(value))
        )
    text = value if isinstance(value, str) else format_number(value)
    return text if len(text) <= MAX_NODE_NAME_CHARS else f"{text[: MAX_NODE_NAME_CHARS - 1]}…"


def _describe_small_value(value: Value) -> Message:
    """Return a small value as text; for any other, the name of its type."""
    if isinstance(value, bool | int | float | np.number | np.bool_):
        return Message(format_number(value)[:MAX_NODE_NAME_CHARS])
    return Message(get_value_type(value))
