"""Files in memory are limited in bytes, number and depth, and the next submission has none of them."""

import os


def attack(facts):
    reached = []
    with open("left", "w") as file:
        file.write("x")
    try:
        for number in range(10**6):
            open(f"f{number}", "w").close()
    except OSError:
        reached.append("files")
    try:
        with open("left", "wb") as file:
            while True:
                file.write(bytes(2**20))
    except OSError:
        reached.append("bytes")
    try:
        with open("data/numbers.csv", "r+b") as file:
            file.truncate(2**40)
    except OSError:
        reached.append("size")
    try:
        with open("left", "r+b") as file:
            file.seek(2**39)
            file.write(b"x")
    except OSError:
        reached.append("hole")
    path = "d"
    try:
        while True:
            os.mkdir(path)
            path += "/d"
    except OSError:
        reached.append("depth")
    return [] if reached == ["files", "bytes", "size", "hole", "depth"] else reached
