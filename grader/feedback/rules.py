"""The rules behind a score in sentences, and moments as people read them: on the course's clocks."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from grader.core.policy import Policy, ScoreSheet
from grader.feedback.text import points


def rules(sheet: ScoreSheet) -> list[str]:
    """One sentence for each rule that there is."""
    policy = sheet.policy
    return [sentence for sentence in (*_deadline(sheet), *_attempts(policy)) if sentence]


def moment(when: datetime, zone: str) -> str:
    """`2031-05-20 23:59 CEST`; seconds only where they aren't 0."""
    local = when.astimezone(ZoneInfo(zone))
    clock = "%H:%M" if not (local.second or local.microsecond) else "%H:%M:%S"
    return f"{local:%Y-%m-%d {clock} %Z}"


def span(length: timedelta) -> str:
    """A length of time in its two largest units: `2 days 3 h`, `5 min`; less than a minute is that."""
    minutes = length // timedelta(minutes=1)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{days} {'day' if days == 1 else 'days'}" if days else "", f"{hours} h" if hours else ""]
    parts.append(f"{minutes} min" if minutes else "")
    return " ".join([part for part in parts if part][:2]) or "less than a minute"


def share(kept: float) -> str:
    """`90 %`, `87.5 %`: a share of points, exactly."""
    return f"{points(100 * kept)} %"


def _deadline(sheet: ScoreSheet) -> list[str]:
    policy = sheet.policy
    if policy.deadline is None or sheet.due is None:
        return []
    said = [f"The deadline was {moment(policy.deadline, sheet.zone)}."]
    if sheet.due != policy.deadline:
        said.append(f"You were given until {moment(sheet.due, sheet.zone)}.")
    if policy.grace:
        said.append(f"Up to {span(policy.grace)} later is still in time.")
    if policy.late_penalty:
        said.append(f"Each day begun after it takes {share(policy.late_penalty)} of an attempt's points.")
    else:
        said.append("Being late costs no points.")
    return said


def _attempts(policy: Policy) -> list[str]:
    allowed = ""
    if policy.attempts is not None:
        one = policy.attempts == 1
        allowed = "Only the first attempt counts." if one else f"Only the first {policy.attempts} attempts count."
    if policy.attempts == 1:
        return [allowed]
    return [allowed, f"Of the attempts, the {policy.counts} one is your score."]
