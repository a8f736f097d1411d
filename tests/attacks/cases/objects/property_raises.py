"""A property that raises an exception of its own making ends the steps."""
# raised: Lie


class Lie(BaseException):
    __traceback__ = property(lambda self: 1 / 0)

    def __str__(self):
        raise MemoryError


class Attack:
    def __init__(self, facts):
        pass

    @property
    def size(self):
        raise Lie

    def run(self, facts):
        return 1
