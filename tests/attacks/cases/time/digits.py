"""Turning a huge number into text is no way to hold up the judge: it stays a name of a type."""
# value: Opaque(type_name='int')


def attack(facts):
    return 7**10_000
