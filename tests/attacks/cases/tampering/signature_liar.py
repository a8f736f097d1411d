"""A callable whose lookup exits is reported as an exception."""
# ends: done | died
# value: any


class Meta(type):
    def __call__(cls, *args):
        raise SystemExit

    def __instancecheck__(cls, other):
        raise KeyboardInterrupt


class attack(metaclass=Meta):
    pass
