"""A pickle is bytes, and bytes are not a value."""
# value: Opaque(type_name='bytes')

import pickle


class Evil:
    def __reduce__(self):
        return (print, ("unpickled",))


def attack(facts):
    return pickle.dumps(Evil())
