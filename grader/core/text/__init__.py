"""Words: translatable messages, languages, Unicode, places in source files, cells of a spreadsheet."""
