"""Surrogates, NULs and escapes in printed text stay text."""


def attack(facts):
    import sys

    print("\ud800\udfff \x00 \x1b[2J \u202e </script>")
    sys.stderr.write("\udcff")
    return []
