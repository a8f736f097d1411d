"""Say when a file was saved, so that its owner notices a version that was not saved."""

from datetime import datetime, timedelta

from grader.core.text.messages import Message, gettext, ngettext


def describe_saved(saved: datetime, now: datetime) -> Message:
    """Say when a file was saved: how long ago, and the time; `saved` and `now` are of one time zone.

    A moment that lies ahead, by the clock of another machine, is said without its distance.
    """
    time = f"{saved:%H:%M}"
    age = now - saved
    if age < timedelta():
        return gettext("saved at {time}", time=f"{saved:%Y-%m-%d %H:%M}")
    if age < timedelta(minutes=1):
        return gettext("saved just now ({time})", time=time)
    if age < timedelta(hours=1):
        return ngettext(
            "saved {n} minute ago ({time})",
            "saved {n} minutes ago ({time})",
            n=age // timedelta(minutes=1),
            time=time,
        )
    if saved.date() == now.date():
        return ngettext(
            "saved {n} hour ago ({time})", "saved {n} hours ago ({time})", n=age // timedelta(hours=1), time=time
        )
    days = (now.date() - saved.date()).days
    if days == 1:
        return gettext("saved yesterday ({time})", time=time)
    return ngettext("saved {n} day ago ({time})", "saved {n} days ago ({time})", n=days, time=f"{saved:%Y-%m-%d %H:%M}")
