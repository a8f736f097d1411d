"""A callable that imitates a function is called like one."""
# value: 'called'


class Function:
    __code__ = None
    __defaults__ = property(lambda self: 1 / 0)

    def __call__(self, *args):
        return "called"

    def __getattr__(self, name):
        raise SystemExit


attack = Function()
