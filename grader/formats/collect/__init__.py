"""A class's submissions as other systems export them: their folders and archives, and the owner of each file."""
