"""An exception whose text is a str subclass, is enormous, or raises, is reported with a short plain text."""
# raised: Odd


class Text(str):
    def __getitem__(self, key):
        return self

    def __len__(self):
        return 0


class Odd(Exception):
    def __str__(self):
        return Text("x" * 10**7)


def attack(facts):
    raise Odd
