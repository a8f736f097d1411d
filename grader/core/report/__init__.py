"""What a page, the terminal or the JSON says of one grading, as data."""
