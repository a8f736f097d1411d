"""The few bytes that both sides of the wall agree on, beside `grader.core.wire.values`."""

import struct
from typing import Final

LAUNCH_REQUEST: Final = struct.Struct("<QQ")
"""To the zygote, with the job's two pipes: a child with so much memory (bytes) and processor time (s)."""
CHILD_STARTED: Final = b"started"
"""From the zygote, with a pidfd of the child."""
CHILD_ENDED: Final = struct.Struct("<qdQ")
"""From the zygote: exit code or minus a signal, processor time (s), peak memory (bytes)."""
CHILD_READY: Final = b"ready"
"""From the child, before its first frame: from now on it belongs to the job."""
PICKLE_PROTOCOL: Final = 4
"""The protocol of what goes to a child: later ones make arrays that own no memory, and Pythons' defaults differ."""
FRAME_LENGTH: Final = struct.Struct("<I")
"""Begins a frame: the number of bytes that follow."""
ANSWER_HEADER: Final = struct.Struct("<16scI")
"""Begins an answer: the nonce that was sent, CELL or REQUEST, and the number of what is answered."""
CELL_ANSWER, REQUEST_ANSWER = b"c", b"r"
SHARED_BUFFER_BYTES: Final = 2**15
"""Bytes of the memory that a zygote's children share with the grader: LYING, then answers that weren't sent yet."""
UNSENT_HEADER: Final = struct.Struct("<QQ")
"""Of what lies there: where in the stream of all answers it begins, and its length."""
