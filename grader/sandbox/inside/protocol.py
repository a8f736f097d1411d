"""The bytes that the grader and the sandbox agree on, besides `grader.core.wire.values`."""

import struct
from typing import Final

LAUNCH_REQUEST: Final = struct.Struct("<QQQ")
"""To the zygote, with the job's two pipes: start a child with this memory (bytes), CPU time (s), and data.

The data is the number of a block of files, 0 for none; the block itself is the third descriptor.
"""
DATA_HEADER: Final = struct.Struct("<Q")
"""Beginning of a block of files: the number of bytes of its index, which follows."""
CHILD_STARTED: Final = b"started"
"""From the zygote, with a pidfd of the child."""
CHILD_ENDED: Final = struct.Struct("<qdQ")
"""From the zygote: exit code or minus a signal, CPU time (s), peak memory (bytes)."""
CHILD_READY: Final = b"ready"
"""From the child, before its first frame: from now on it belongs to the job."""
PICKLE_PROTOCOL: Final = 4
"""Protocol of messages to a child: later ones make arrays that own no memory, and Python's defaults vary."""
FRAME_LENGTH: Final = struct.Struct("<I")
"""Beginning of a frame: the number of bytes that follow."""
ANSWER_HEADER: Final = struct.Struct("<16scI")
"""Beginning of an answer: the nonce that was sent, the kind (cell or request), and the index of that one."""
CELL_ANSWER, REQUEST_ANSWER = b"c", b"r"
CALL_QUERY: Final = b"q"
"""In place of an answer's kind: a call, by function and arguments, whose result the grader may know."""
MAX_CALL_QUERIES: Final = 2048
"""Greatest number of calls that are asked for during one request."""
MAX_QUERY_BYTES: Final = 2**20
"""Greatest size of the arguments that are asked for."""
SHARED_BUFFER_BYTES: Final = 2**15
"""Size of the buffer that a zygote's children share with the grader: UNSENT_HEADER, then unsent answers."""
UNSENT_HEADER: Final = struct.Struct("<QQ")
"""Position of the unsent answers in the stream of all answers, and their length."""
