"""A replaced runner's messages have the usual form, or are a broken answer."""
# ends: died
# honest: lost

import sys


def attack(facts):
    runner = sys.modules["grader.sandbox.inside.runner"]
    runner.JobServer._send = lambda self, answer, limit: None
    runner.JobServer._request = runner.JobServer._cell = lambda *a, **k: None
    sys.modules["grader.core.wire.perform_actions"].perform = None
    runner.os._exit(3)
