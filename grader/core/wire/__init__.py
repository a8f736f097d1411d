"""What crosses the sandbox's wall or runs behind it. This folder is the list of what goes inside: nothing here judges."""
