"""A hand-made SyntaxError with an invalid position is one exception."""
# ends: done | died
# raised: SyntaxError


def attack(facts):
    error = SyntaxError("x", ("<cell 2>", 10**9, "y", "z" * 10**6))
    error.lineno, error.filename, error.msg = "no number", ["list"], {"no": "text"}
    raise error
