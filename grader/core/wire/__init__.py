"""Everything that crosses the sandbox's boundary or runs on both sides of it; nothing here compares or scores."""
