"""Classes derived from the exceptions that end programs don't end the child."""
# raised: Escape


class Escape(SystemExit, KeyboardInterrupt, GeneratorExit):
    def __str__(self):
        raise Escape

    def __reduce__(self):
        raise Escape


def attack(facts):
    raise Escape
