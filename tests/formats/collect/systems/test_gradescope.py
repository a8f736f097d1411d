"""Tests of Gradescope's metadata, as Ruby writes YAML and as an attacker might."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.formats.collect.file_tree import METADATA_FILE_NAME, DownloadedFile
from grader.formats.collect.systems.gradescope import matches, parse_ruby_time, read_claims

MakeItem = Callable[..., DownloadedFile]

SAMPLE = """\
submission_1:
  :submitters:
  - :name: Ada Lovelace
    :sid: '0123'
    :email: ada@example.org
  :created_at: 2026-04-26 17:34:00.861687000 Z
  :score: 2.0
  :results:
    output: |-
      :submitters:
      - :name: Somebody Else
  :history:
  - :id: 7
    :created_at: 2020-01-01 00:00:00.000000000 Z
submission_2:
  :submitters:
  - :name: Grace O'Hopper
    :sid: '200'
  - :name: "Emmy N\\u00f6ther"
    :sid: '201'
  :created_at: 2026-04-26 17:34:00.861687000 -07:00
submission_3:
  :submitters: []
submission_4:
  :submitters:
  - :name: *1
    :sid: '1'
submission_5:
  :submitters:
  - &1
    :name: Eve
"""


def test_the_metadata(make_item: MakeItem) -> None:
    """Submitters, groups and times are read; results and history are ignored; unusual YAML is reported."""
    items = [
        make_item(METADATA_FILE_NAME, SAMPLE.encode()),
        *(make_item(f"submission_{i}/losses.py") for i in range(1, 7)),
    ]
    assert matches(items)
    one, two, *others = read_claims(items)
    (ada,) = one.owners
    assert (ada.name, ada.id, ada.email, ada.system) == ("Ada Lovelace", "0123", "ada@example.org", "gradescope")
    assert one.received_at == datetime(2026, 4, 26, 17, 34, 0, 861687, UTC)
    assert [owner.name for owner in two.owners] == ["Grace O'Hopper", "Emmy Nöther"]
    assert two.received_at == datetime(2026, 4, 27, 0, 34, 0, 861687, UTC)
    assert all(claim.problem and not claim.owners for claim in others)
    assert len(others) == 4


@pytest.mark.parametrize(
    "text",
    ["", "2026-04-26", "2026-13-26 17:34:00 Z", "2026-04-26 17:34:00", "0001-01-01 00:00:00 +23:00", "&1 2026-04-26"],
)
def test_malformed_times(text: str) -> None:
    """A text that isn't a time with an offset gives None."""
    assert parse_ruby_time(text) is None


@given(st.datetimes(min_value=datetime(1971, 1, 1)), st.sampled_from(["Z", "UTC", "+00:00"]))
def test_any_time(when: datetime, zone: str) -> None:
    """A time is read to the microsecond."""
    assert parse_ruby_time(f"{when:%Y-%m-%d %H:%M:%S}.{when.microsecond:06}000 {zone}") == when.replace(tzinfo=UTC)


@given(st.lists(st.sampled_from([*SAMPLE.splitlines(), "  :submitters:", "    :sid: 'x", "\t", "  - - -"])))
def test_any_lines(lines: list[str]) -> None:
    """Lines in any order give owners with a key, or a reason; the metadata of a repeated folder are ignored."""
    data = "\n".join(lines).encode()
    items = [DownloadedFile((METADATA_FILE_NAME,), METADATA_FILE_NAME, lambda: data)]
    items += [DownloadedFile((f"submission_{i}", "x.py"), "x.py", lambda: b"") for i in range(1, 6)]
    for claim in read_claims(items):
        assert bool(claim.owners) != bool(claim.problem)
        assert all(owner.key for owner in claim.owners)
    assert all(claim.problem for claim in read_claims(items) if lines.count(f"{claim.item.parts[0]}:") > 1)
