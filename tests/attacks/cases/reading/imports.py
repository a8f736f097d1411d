"""A module that was not imported before confinement can't be imported: no judge, no database, no course."""


def attack(facts):
    loot = []
    for name in ("grader.grading.judge", "grader.course.loader", "grader.store", "grader.sandbox.sandbox", "sqlite3", "solution", "checks"):
        try:
            module = __import__(name, fromlist=["x"])
        except ImportError:
            continue
        if getattr(module, "__file__", None):
            loot.append(name)
    return loot
