"""Use cases: functions of plain arguments that return data and report progress to a protocol that is handed in."""
