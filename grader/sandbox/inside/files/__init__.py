"""The files that student code sees: those of the course and those that it writes, all in memory.

No system call opens a file in the sandbox. What code reads are the bytes of a mapping that it has anyway, and a path is
only a name in a table.

file_paths      a path as code writes it -> a name in the table
file_tree       the table: names, contents, folders, and how much may be written
memory_file     an open file
open_file       `open`
system_calls    the functions of `os` that look at names
libraries       numpy and others that open files in C: supplied, or refused by name
install         puts all of them in their places
data_block      the course's files as one block of bytes, read once per exercise
"""
