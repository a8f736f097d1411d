"""A cell that exits doesn't end the job."""
# cell-raised: SystemExit


def attack(facts):
    return []


raise SystemExit(0)
