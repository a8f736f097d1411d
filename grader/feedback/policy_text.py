"""Sentences about the rules behind a score, and dates and durations in the course's time zone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from grader.core.results.policy import Policy, ScoreSheet
from grader.core.text.messages import Message, gettext, join_messages, ngettext
from grader.core.text.numbers import format_points, format_share


def describe_rules(score_sheet: ScoreSheet) -> list[Message]:
    """Return the calculation of the late penalty in words, and one sentence for each rule that applies."""
    policy = score_sheet.policy
    return [*_lateness(score_sheet), *_deadline(score_sheet), *_attempts(policy)]


def format_moment(moment: datetime, zone: str) -> str:
    """Format a moment as `2031-05-20 23:59 CEST`; seconds are shown only if they aren't 0."""
    local = moment.astimezone(ZoneInfo(zone))
    clock = "%H:%M" if not (local.second or local.microsecond) else "%H:%M:%S"
    return f"{local:%Y-%m-%d {clock} %Z}"


def format_duration(length: timedelta) -> Message:
    """Format a duration in its two largest units: `2 days 3 h`, `5 min`, or `less than a minute`."""
    minutes = length // timedelta(minutes=1)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [ngettext("{n} day", "{n} days", n=days)] if days else []
    parts += [gettext("{n} h", n=hours)] if hours else []
    parts += [gettext("{n} min", n=minutes)] if minutes else []
    return join_messages(parts[:2]) if parts else gettext("less than a minute")


def _lateness(sheet: ScoreSheet) -> list[Message]:
    """Describe the share of points that the counted attempt keeps, and the resulting score."""
    counted = sheet.counted_attempt
    if counted is None or counted.late_factor == 1:
        return []
    return [
        ngettext(
            "{n} started day of lateness: {share} of {points} points is {score}.",
            "{n} started days of lateness: {share} of {points} points is {score}.",
            n=counted.days,
            share=format_share(counted.late_factor),
            points=format_points(counted.attempt.score),
            score=format_points(counted.score),
        )
    ]


def _deadline(sheet: ScoreSheet) -> list[Message]:
    policy = sheet.policy
    if policy.deadline is None or sheet.due is None:
        return []
    sentences = [gettext("The deadline was {moment}.", moment=format_moment(policy.deadline, sheet.zone))]
    if sheet.due != policy.deadline:
        sentences.append(gettext("Your own deadline was {moment}.", moment=format_moment(sheet.due, sheet.zone)))
    if policy.grace:
        sentences.append(
            gettext("Submissions up to {span} later are still on time.", span=format_duration(policy.grace))
        )
    if policy.late_penalty:
        penalty = format_share(policy.late_penalty)
        sentences.append(gettext("Each started day of lateness costs {share} of an attempt's points.", share=penalty))
    else:
        sentences.append(gettext("Late attempts lose no points."))
    return sentences


def _attempts(policy: Policy) -> list[Message]:
    if policy.attempts == 1:
        return [gettext("Only the first attempt counts.")]
    allowed = [gettext("Only the first {n} attempts count.", n=policy.attempts)] if policy.attempts else []
    if policy.counts == "best":
        return [*allowed, gettext("Your best attempt counts.")]
    return [*allowed, gettext("Your last attempt counts.")]
