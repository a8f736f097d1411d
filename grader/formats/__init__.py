"""File formats of other systems: submissions and downloads that are read, and tables of scores that are written.

`read_submission` turns one file into a ParsedSubmission, by way of `notebook` or `script`. `discover` finds the
submissions in folders and works out their student and exercise, with `filename` for names that people and browsers have
changed. `collect` reads the downloads of learning management systems, `export` writes scores for them. Every byte that
is read here is treated as hostile until it is parsed.
"""
