"""An object whose deletion never ends is stopped."""
# ends: time_limit | done
# value: any
# cpu: 0.5
# honest: lost


class Attack:
    size = 1

    def __init__(self, facts):
        pass

    def __del__(self):
        while True:
            pass

    def run(self, facts):
        return 1
