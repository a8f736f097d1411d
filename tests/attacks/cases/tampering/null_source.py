"""A NUL byte and half a surrogate in the source are that cell's failure."""
# cell: done
# cell-raised: any
# raised: missing
x = "NULBYTE"
SURROGATE


def attack(facts):
    return []
