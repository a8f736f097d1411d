"""What crosses the sandbox's wall or runs behind it: the list of what goes inside. Nothing here judges."""
