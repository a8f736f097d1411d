"""The few bytes that both sides of the wall agree on, beside `grader.core.wire.values`."""

import struct
from typing import Final

WANTED: Final = struct.Struct("<QQ")
"""To the zygote, with the job's two pipes: a child with so much memory (bytes) and processor time (s)."""
STARTED: Final = b"started"
"""From the zygote, with a pidfd of the child."""
ENDED: Final = struct.Struct("<qdQ")
"""From the zygote: exit code or minus a signal, processor time (s), peak memory (bytes)."""
READY: Final = b"ready"
"""From the child, before its first frame: from now on it belongs to the job."""
PICKLES: Final = 4
"""The protocol of what goes to a child: later ones make arrays that own no memory, and Pythons' defaults differ."""
LENGTH: Final = struct.Struct("<I")
"""Begins a frame: the number of bytes that follow."""
HEAD: Final = struct.Struct("<16scI")
"""Begins an answer: the nonce that was sent, CELL or REQUEST, and the number of what is answered."""
CELL, REQUEST = b"c", b"r"
SHELF: Final = 2**15
"""Bytes of the memory that a zygote's children share with the grader: LYING, then answers that weren't sent yet."""
LYING: Final = struct.Struct("<QQ")
"""Of what lies there: where in the stream of all answers it begins, and its length."""
