"""Commands with their arguments and options. A module's `COMMANDS` has the commands, or groups of commands, by name."""
