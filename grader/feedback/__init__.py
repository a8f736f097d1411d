"""Reports as pages: one self-contained HTML file a student and exercise, and one for the class.

No script, no request, no inline style; whatever text comes in is shown, never obeyed. `site.write` is the way in.
"""
