"""The content of a page, the terminal and the JSON about one grading, as data."""
