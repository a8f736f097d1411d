"""What was not imported before the wall closed can't be: no judge, no database, no course comes in by its name."""


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
