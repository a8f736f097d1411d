"""The rules behind a score in sentences, and moments as people read them: on the course's clocks."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from grader.core.results.policy import Policy, ScoreSheet
from grader.core.text.messages import Phrase, say, say_n, together
from grader.feedback.page_text import points


def rules(sheet: ScoreSheet) -> list[Phrase]:
    """What lateness took, as a sum in words, and one sentence for each rule that there is."""
    policy = sheet.policy
    return [*_lateness(sheet), *_deadline(sheet), *_attempts(policy)]


def moment(when: datetime, zone: str) -> str:
    """`2031-05-20 23:59 CEST`; seconds only where they aren't 0."""
    local = when.astimezone(ZoneInfo(zone))
    clock = "%H:%M" if not (local.second or local.microsecond) else "%H:%M:%S"
    return f"{local:%Y-%m-%d {clock} %Z}"


def span(length: timedelta) -> Phrase:
    """A length of time in its two largest units: `2 days 3 h`, `5 min`; less than a minute is that."""
    minutes = length // timedelta(minutes=1)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [say_n("{n} day", "{n} days", n=days)] if days else []
    parts += [say("{n} h", n=hours)] if hours else []
    parts += [say("{n} min", n=minutes)] if minutes else []
    return together(parts[:2]) if parts else say("less than a minute")


def share(kept: float) -> str:
    """`90 %`, `87.5 %`: a share of points, exactly."""
    return f"{points(100 * kept)} %"


def _lateness(sheet: ScoreSheet) -> list[Phrase]:
    """For the attempt that counts: which share of its points is left, and what that comes to."""
    counted = sheet.counted
    if counted is None or counted.kept == 1:
        return []
    return [
        say_n(
            "{n} day begun after the deadline: {share} of {points} points is {score}.",
            "{n} days begun after the deadline: {share} of {points} points is {score}.",
            n=counted.days,
            share=share(counted.kept),
            points=points(counted.attempt.score),
            score=points(counted.score),
        )
    ]


def _deadline(sheet: ScoreSheet) -> list[Phrase]:
    policy = sheet.policy
    if policy.deadline is None or sheet.due is None:
        return []
    said = [say("The deadline was {moment}.", moment=moment(policy.deadline, sheet.zone))]
    if sheet.due != policy.deadline:
        said.append(say("You were given until {moment}.", moment=moment(sheet.due, sheet.zone)))
    if policy.grace:
        said.append(say("Up to {span} later is still in time.", span=span(policy.grace)))
    if policy.late_penalty:
        taken = share(policy.late_penalty)
        said.append(say("Each day begun after it takes {share} of an attempt's points.", share=taken))
    else:
        said.append(say("Being late costs no points."))
    return said


def _attempts(policy: Policy) -> list[Phrase]:
    if policy.attempts == 1:
        return [say("Only the first attempt counts.")]
    allowed = [say("Only the first {n} attempts count.", n=policy.attempts)] if policy.attempts else []
    if policy.counts == "best":
        return [*allowed, say("Of the attempts, the best one is your score.")]
    return [*allowed, say("Of the attempts, the last one is your score.")]
