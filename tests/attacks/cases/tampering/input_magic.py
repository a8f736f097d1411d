"""Cell text that is no Python, or tries to be two cells, is one cell."""
# cell-raised: any
# raised: missing

%%javascript
"""
def attack(facts): return ["?"]
