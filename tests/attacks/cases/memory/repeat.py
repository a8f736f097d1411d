"""A text repeated too often hits the memory limit."""
# ends: memory_limit
# limit: memory


def attack(facts):
    return "x" * (2 * facts["memory"])
