"""Reading every attribute of an object runs code that ends the process."""
# ends: died | done
# raised: SystemExit
# honest: lost


class Attack:
    def __init__(self, facts):
        pass

    def __getattribute__(self, name):
        raise SystemExit(name)
