"""A class with a false name arrives as some text, or as an exception."""
# ends: done | died | output_limit
# value: any


class Meta(type):
    @property
    def __name__(cls):
        raise SystemExit


class Thing(metaclass=Meta):
    @property
    def __class__(self):
        return dict


def attack(facts):
    return Thing()
