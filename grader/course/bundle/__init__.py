"""The release of a course: students' files for filling in and checking, without solutions or hidden checks.

portable_values   values as JSON and arrays
write_bundle      course -> files: templates, student README, and the visible checks as data
percent_script    a template as a percent script
read_bundle       that data -> a course that can be checked against, on a machine without the reference
"""
