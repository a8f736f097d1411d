"""Reports as HTML: one self-contained page per student and exercise, and one for the class.

The pages make no request and have no inline style. Text from outside is escaped, so that it is shown and never
interpreted. `write_pages` writes them into a folder.
"""
