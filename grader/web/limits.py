"""The portal's limits in one place: how often, how large, how slow."""

from typing import Final

from grader.formats.read_submission import MAX_FILE_BYTES
from grader.store import RateLimit

UPLOAD_RATES: Final = (RateLimit(10, 60), RateLimit(100, 3600))
"""Files that a student may hand in: per minute, and per hour."""

SIGN_IN_RATE: Final = RateLimit(5, 300)
"""Failures for one account from one address, or from one browser that it has signed in from."""
ADDRESS_RATE: Final = RateLimit(30, 60)
"""Failures from one address, for any accounts."""
ACCOUNT_RATE: Final = RateLimit(50, 900)
"""Failures for one account, from anywhere."""
THROTTLE_LOG_RATE: Final = RateLimit(1, 3600)
"""Log entries that an account's password is being guessed."""

MAX_BODY_BYTES: Final = 1_000_000
"""Size of a request without an upload."""
MAX_UPLOAD_BODY_BYTES: Final = MAX_FILE_BYTES + 100_000
"""Size of an upload: the file and the form around it."""
MAX_DRAINED_BYTES: Final = 200_000_000
"""Bytes of a request that is too large which are read, so that its sender gets an answer."""
IDLE_TIMEOUT_S: Final = 30.0
"""Seconds to wait for a sender who sends nothing."""
