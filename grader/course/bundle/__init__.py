"""The kit: what students get of a course to fill in and to check for themselves, without solutions or hidden checks.

portable   values as JSON and arrays
writing    course -> files: templates, student README, and the visible checks as data
script     a template as a percent script
reading    that data -> a course which can be checked against, on a machine that has no reference
"""
