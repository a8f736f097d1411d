"""Text: translatable messages, languages, Unicode, locations in source files, spreadsheet cells."""
