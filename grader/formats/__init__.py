"""Other people's file formats: in (a submission's bytes, a class's folders) and out.

`reading` turns one file into a Program, by `notebook` or `script`; `naming` says whose a file is and what it answers,
from folders, file names and (`stems`) what people and browsers do to them. Everything here is hostile until read.
"""
