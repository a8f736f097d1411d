"""Hooks for tracing and profiling stay in this child."""
# honest: lost

import sys
import threading


def tracer(*_):
    raise SystemExit


def attack(facts):
    threading.settrace(tracer)
    sys.setprofile(lambda *_: None)
    sys.settrace(lambda *_: None)
    sys.addaudithook(lambda *_: None)
    sys.excepthook = sys.unraisablehook = sys.displayhook = tracer
    sys.breakpointhook = tracer
    return []
