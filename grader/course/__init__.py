"""Courses: load one from its folder, release it with blanks, verify it, translate it, and bundle it for students."""
