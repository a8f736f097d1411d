"""An exception class whose name is not a text, or is huge, is reported as one exception."""
# ends: done | died
# value: any

Huge = type("H" * 10**6, (Exception,), {"__module__": 7, "__qualname__": "q"})


class Meta(type):
    __name__ = property(lambda cls: 1 / 0)


class Nameless(Exception, metaclass=Meta):
    pass


def attack(facts):
    try:
        raise Huge
    except Huge:
        raise Nameless from None
