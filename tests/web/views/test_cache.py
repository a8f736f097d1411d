"""Data made of all the records is made once for all requests, and again after the records change."""

import threading
from dataclasses import replace

from grader.store import RecordsVersion
from grader.web.views import cache
from grader.web.views.cache import RecordsCache

NOW = RecordsVersion(1, 1, (1,))


class Records:
    """A state that can be changed, and the number of times that data was made of it."""

    def __init__(self) -> None:
        self.state = NOW
        self.made = 0
        self.goes_on = threading.Event()
        self.goes_on.set()
        self.began = threading.Event()

    def make(self) -> int:
        """Return a new value each time."""
        self.began.set()
        assert self.goes_on.wait(60)
        self.made += 1
        return self.made


def test_it_is_made_once_as_long_as_nothing_changes() -> None:
    """The data is made once, however often it is requested."""
    records = Records()
    thing = RecordsCache(records.make, lambda: records.state)
    assert [thing.get() for _ in range(5)] == [1] * 5


def test_an_act_of_a_person_shows_at_once() -> None:
    """After a person's act, such as a mark or an extension, the data is made again at once."""
    records = Records()
    thing = RecordsCache(records.make, lambda: records.state)
    thing.get()
    records.state = replace(NOW, newest_act_ids=(2,))
    assert thing.get() == 2


def test_costly_data_is_kept_for_a_while() -> None:
    """Data that takes long to make isn't made at every change, but after a pause."""
    records = Records()
    thing = RecordsCache(records.make, lambda: records.state)
    thing.get()
    assert thing._entry
    thing._entry = replace(thing._entry, pause=cache.MAX_CACHE_AGE_S)
    records.state = replace(NOW, gradings=2)
    assert thing.get() == 1
    thing._entry = replace(thing._entry, pause=0.0)
    assert thing.get() == 2


def test_others_read_the_earlier_data_meanwhile() -> None:
    """Nobody waits for data that another thread is already making."""
    records = Records()
    thing = RecordsCache(records.make, lambda: records.state)
    thing.get()
    assert thing._entry
    thing._entry = replace(thing._entry, pause=0.0)
    records.state = replace(NOW, gradings=2)
    records.goes_on.clear()
    records.began.clear()
    maker = threading.Thread(target=thing.get)
    maker.start()
    assert records.began.wait(60)
    assert thing.get() == 1
    records.goes_on.set()
    maker.join(60)
    assert thing.get() == 2
