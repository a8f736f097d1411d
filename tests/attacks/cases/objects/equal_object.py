"""Objects that equal everything are told as the type that they are."""
# value: any


class Attack:
    def __init__(self, facts):
        pass

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0

    def __getattr__(self, name):
        return self

    def run(self, facts):
        return self
