"""A list of a million small items is too long to be sent."""
# value: Opaque(type_name='list')


def attack(facts):
    return [0] * 1_000_000
