"""Only the type name of an object that equals everything is sent."""
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
