"""Pictures in an answer: those that can be shown, and the reasons why others can't."""

from dataclasses import dataclass
from typing import Literal

from grader.core.text.messages import Message


@dataclass(frozen=True)
class Picture:
    """A verified picture. `data` is a complete file of that type, without anything that isn't part of the picture."""

    name: str
    media_type: Literal["image/png", "image/jpeg"]
    data: bytes
    width: int
    height: int


@dataclass(frozen=True)
class UnshownPicture:
    """A picture that is not shown, with the reason: the end of a sentence that begins with its name."""

    name: str
    reason: Message


AnswerPicture = Picture | UnshownPicture
