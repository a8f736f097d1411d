"""A text repeated beyond all bounds is a memory limit."""
# ends: memory_limit
# limit: memory


def attack(facts):
    return "x" * (2 * facts["memory"])
