"""An object that is equal to everything is a name."""
# value: Opaque(type_name='Equal')


class Equal:
    def __eq__(self, other):
        return True

    def __array__(self, *a, **k):
        raise SystemExit

    def __float__(self):
        return 1.0

    def __len__(self):
        return 3


def attack(facts):
    return Equal()
