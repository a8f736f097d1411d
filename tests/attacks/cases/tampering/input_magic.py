"""Cell text that isn't Python, or tries to be two cells, is one cell."""
# cell-raised: any
# raised: missing

%%javascript
"""
def attack(facts): return ["?"]
