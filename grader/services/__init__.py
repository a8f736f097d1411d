"""Use cases: functions that take plain arguments, return data, and report progress to a protocol passed in."""
