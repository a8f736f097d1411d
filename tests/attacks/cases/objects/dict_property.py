"""Looking for names like a missing one in an object that never answers is stopped."""
# ends: time_limit
# cpu: 0.5


class Attack:
    def __init__(self, facts):
        pass

    @property
    def __dict__(self):
        while True:
            pass
