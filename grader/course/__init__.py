"""A course's life: loaded from its folder, released with blanks, verified, translated, handed out."""
