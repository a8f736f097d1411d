"""Data flow of a function: the variables, and items under constant keys, from which each of them follows.

The order of statements is not followed: a variable stands for everything that is ever stored in it.
"""

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache

from grader.core.wire.assignment_target import PathKey
from grader.core.wire.assignments import Function, parse_variable_access

Node = tuple[str, PathKey | None]
"""A variable, or the item in it under a key."""

_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


class FlowGraph:
    """The data flow of one function."""

    def __init__(self, function: Function) -> None:
        arguments = function.args
        named = [*arguments.posonlyargs, *arguments.args]
        self._parameters = {argument.arg: position for position, argument in enumerate(named)}
        self._sources: dict[Node, set[Node]] = {}
        self._names_of_items: dict[tuple[str, PathKey], str] = {}
        self._last_stores: dict[str, int] = {}
        statements = list(_list_statements(function.body))
        for statement in statements:
            self._add_statement(statement)
        self.returned = [s.value for s in statements if isinstance(s, ast.Return) and s.value is not None]
        """The returned expressions, in the order of the text."""

    @property
    def last_stores(self) -> Mapping[str, int]:
        """The variables that are stored, each with the line of its last store."""
        return self._last_stores

    @cached_property
    def container(self) -> str:
        """The returned variable whose items are stored one by one; empty without one."""
        match self.returned[-1:]:
            case [ast.Name(name)] if any(stored == name and key is not None for stored, key in self._sources):
                return name
        return ""

    @cached_property
    def parts(self) -> Mapping[PathKey | None, set[Node]]:
        """The nodes from which each part of the returned value follows; an undivided value has the key None."""
        if self.container:
            return {key: {(name, key)} for name, key in self._sources if name == self.container and key is not None}
        if not self.returned:
            return {}
        display = read_display(self.returned[-1])
        return {key: find_reads(item) for key, item in display.items()} or {None: find_reads(self.returned[-1])}

    @cached_property
    def part_variables(self) -> Mapping[PathKey, str]:
        """The variables that are parts of the returned value as they are."""
        if self.container:
            return {key: stored for (name, key), stored in self._names_of_items.items() if name == self.container}
        display = read_display(self.returned[-1]) if self.returned else {}
        return {key: item.id for key, item in display.items() if isinstance(item, ast.Name)}

    def find_ancestors(self, nodes: Iterable[Node], blocked: Collection[str] = ()) -> set[str]:
        """Return the variables and parameters from which these nodes follow, not looking beyond the blocked ones."""
        visited: set[Node] = set()
        pending = list(nodes)
        while pending:
            node = pending.pop()
            if node not in visited:
                visited.add(node)
                pending += self._list_sources(node) if node[0] not in blocked else ()
        return {name for name, _ in visited}

    def find_arguments(self, name: str) -> set[int]:
        """Return the positions of the arguments from which a variable follows."""
        sources = self.find_ancestors(self._list_sources((name, None)))
        return {self._parameters[source] for source in sources if source in self._parameters}

    def _list_sources(self, node: Node) -> set[Node]:
        name, key = node
        if key is not None:
            return self._sources.get(node, set()) | self._sources.get((name, None), set())
        return {source for stored, sources in self._sources.items() if stored[0] == name for source in sources}

    def _add_statement(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign(targets, value):
                for target in targets:
                    self._assign(target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._assign(target, value)
            case ast.AugAssign(target, _, value):
                self._store(target, find_reads(value))
            case ast.For(target, iterated) | ast.AsyncFor(target, iterated):
                self._store(target, find_reads(iterated))
            case ast.With(items) | ast.AsyncWith(items):
                for item in items:
                    if item.optional_vars is not None:
                        self._store(item.optional_vars, find_reads(item.context_expr))
            case ast.Expr(ast.Call(ast.Attribute(changed))):  # such as grad.update(...)
                self._store(changed, find_reads(statement.value))
            case ast.FunctionDef(name) | ast.AsyncFunctionDef(name):
                self._store(ast.Name(name, lineno=statement.lineno), find_reads(statement))
        for walrus in _find_walruses(statement):
            self._assign(walrus.target, walrus.value)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        """Record an assignment: of tuples item by item, of a dict in its display key by key."""
        match target, value:
            case ((ast.Tuple(ones) | ast.List(ones)), (ast.Tuple(others) | ast.List(others))) if len(ones) == len(
                others
            ):
                for one, other in zip(ones, others, strict=True):
                    self._assign(one, other)
                return
            case ast.Name(name), ast.Dict() | ast.Call() if display := read_display(value):
                self._store(target, set())
                for key, item in display.items():
                    self._store_item((name, key), item)
                return
        self._store(target, find_reads(value))
        access = parse_variable_access(target)
        if access and len(access.path) == 1 and access.path[0] is not None and isinstance(value, ast.Name):
            self._names_of_items[access.name, access.path[0]] = value.id

    def _store_item(self, node: tuple[str, PathKey], value: ast.expr) -> None:
        self._sources.setdefault(node, set()).update(find_reads(value))
        if isinstance(value, ast.Name):
            self._names_of_items[node] = value.id

    def _store(self, target: ast.expr, reads: set[Node]) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            for item in target.elts:
                self._store(item, reads)
        elif isinstance(target, ast.Starred):
            self._store(target.value, reads)
        elif (access := parse_variable_access(target)) is not None:
            key = access.path[0] if access.path else None
            self._sources.setdefault((access.name, key), set()).update(reads)
            self._last_stores[access.name] = target.lineno


@lru_cache(maxsize=8)
def build_flow_graph(function: Function) -> FlowGraph:
    """Return the data flow of a function, whose tree must not change afterwards: the last ones are kept."""
    return FlowGraph(function)


def read_display(value: ast.expr) -> dict[PathKey, ast.expr]:
    """Return the items of a tuple, list or dict that is written out, by position or key; nothing for any other."""
    match value:
        case ast.Tuple(items) | ast.List(items) if not any(isinstance(item, ast.Starred) for item in items):
            return dict(enumerate(items))
        case ast.Dict(keys, values):
            pairs = zip(keys, values, strict=True)
            constants = ((key.value, item) for key, item in pairs if isinstance(key, ast.Constant))
            return {key: item for key, item in constants if isinstance(key, str | int)}
        case ast.Call(ast.Name("dict"), [], keywords):
            return {keyword.arg: keyword.value for keyword in keywords if keyword.arg is not None}
    return {}


def find_reads(node: ast.AST) -> set[Node]:
    """Return the variables, and their items under a first constant key, that a piece of code reads."""
    found: set[Node] = set()
    pending = [node]
    while pending:
        node = pending.pop()
        access = parse_variable_access(node) if isinstance(node, ast.Name | ast.Subscript) else None
        if access is None:
            pending += ast.iter_child_nodes(node)
            continue
        found.add((access.name, access.path[0] if access.path else None))
        while isinstance(node, ast.Subscript):
            pending.append(node.slice)
            node = node.value
    return found


def _list_statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a function's own scope, in the order of the text."""
    for statement in body:
        yield statement
        if not isinstance(statement, _NESTED):
            for child in ast.iter_child_nodes(statement):
                if isinstance(child, ast.stmt):
                    yield from _list_statements([child])
                elif isinstance(child, ast.ExceptHandler | ast.match_case):
                    yield from _list_statements(child.body)


def _find_walruses(statement: ast.stmt) -> Iterator[ast.NamedExpr]:
    """Yield the assignments within a statement's own expressions."""
    pending = [child for child in ast.iter_child_nodes(statement) if isinstance(child, ast.expr)]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.NamedExpr):
            yield node
        if not isinstance(node, ast.Lambda):
            pending += [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
