"""Submissions are recorded some hundreds at a time, and fewer if they are large."""

from grader.services.transactions import BYTES_PER_TRANSACTION, SUBMISSIONS_PER_TRANSACTION, split_into_transactions


def test_a_transaction_has_bounded_number_and_size() -> None:
    """Small submissions fill a transaction by number, large ones by bytes; order is kept."""
    small = [bytes([i % 256]) for i in range(SUBMISSIONS_PER_TRANSACTION + 3)]
    pages = list(split_into_transactions(small, lambda data: data))
    assert [len(page) for page in pages] == [SUBMISSIONS_PER_TRANSACTION, 3]
    assert [data for page in pages for data in page] == small
    large = bytes(BYTES_PER_TRANSACTION * 2 // 3)
    assert [len(page) for page in split_into_transactions([large, b"", large], lambda data: data)] == [2, 1]
