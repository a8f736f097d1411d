"""An object that takes no attribute is judged by what it has."""
# raised: missing


class Attack:
    def __init__(self, facts):
        pass

    def __setattr__(self, name, value):
        pass
