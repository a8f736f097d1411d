"""A function that remembers its earlier arguments carries nothing into the next job."""
# value: 1

calls = []


def attack(facts):
    calls.append(facts)
    return len(calls)
