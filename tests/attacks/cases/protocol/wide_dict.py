"""A dict with very many keys is not a value."""
# value: Opaque(type_name='dict')


def attack(facts):
    return {k * (2**61 - 1): 0 for k in range(1000)}
