"""Inputs changed in place are told of, and change nobody else's."""


def attack(facts):
    facts["masked_own"][:] = 0
    facts.clear()
    return []
