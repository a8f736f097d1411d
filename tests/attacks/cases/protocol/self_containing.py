"""A list that contains itself has no end and is no value."""
# value: Opaque(type_name='list')


def attack(facts):
    loop = []
    loop.append(loop)
    return loop
