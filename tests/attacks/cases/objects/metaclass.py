"""A metaclass that answers for the class gains nothing by it."""
# value: any
# raised:  | TypeError | missing | KeyboardInterrupt
# ends: done | died


class Meta(type):
    def __call__(cls, *args):
        return cls

    def __getattribute__(cls, name):
        return lambda *args: (cls, name)

    def __instancecheck__(cls, other):
        return True

    def __setattr__(cls, name, value):
        raise KeyboardInterrupt

    def mro(cls):
        return [cls, object]


class Attack(metaclass=Meta):
    pass
