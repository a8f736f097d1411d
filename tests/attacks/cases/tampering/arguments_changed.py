"""Inputs changed in place are reported, and no other check's inputs change."""


def attack(facts):
    facts["masked_own"][:] = 0
    facts.clear()
    return []
