"""What a class handed in, as other systems give it out: their folders and archives, and whose each file is."""
