"""A dict that misreports its items is sent with its real items."""
# value: {'a': 1}


class Liar(dict):
    def items(self):
        return [("a", 2)] * 10**6

    def __len__(self):
        return -1

    def __iter__(self):
        while True:
            yield 1

    def keys(self):
        raise SystemExit


def attack(facts):
    return Liar(a=1)
