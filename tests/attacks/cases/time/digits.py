"""A huge number is sent as a type name, so that converting it to text can't block the judge."""
# value: Opaque(type_name='int')


def attack(facts):
    return 7**10_000
