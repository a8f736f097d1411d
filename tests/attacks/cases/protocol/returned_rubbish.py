"""Text with half a surrogate pair arrives as text."""
# value: '? \x00 ?'


def attack(facts):
    return "\ud800 \x00 \udfff"
