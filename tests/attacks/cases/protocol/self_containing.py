"""A list that contains itself is endless and not a value."""
# value: Opaque(type_name='list')


def attack(facts):
    loop = []
    loop.append(loop)
    return loop
