"""Numbers as every reader of a table takes them."""


def format_decimal(value: float | None) -> str:
    """Points to six decimals at most, with a point and no thousands: `8.25`. None is an empty cell."""
    return "" if value is None else f"{value + 0.0:.6f}".rstrip("0").rstrip(".")
