"""Only the type names of instances of number, text and list subclasses are sent."""
# value: [Opaque(type_name='F'), Opaque(type_name='I'), Opaque(type_name='S'), Opaque(type_name='L')]


class F(float):
    def __eq__(self, other):
        return True


class I(int):
    def __eq__(self, other):
        return True


class S(str):
    def encode(self, *a):
        return b"x" * 10**9


class L(list):
    def __len__(self):
        return 2**40


def attack(facts):
    return [F(1.0), I(1), S("s"), L([1])]
