"""Decimal numbers in a form that every program accepts that reads tables."""


def format_decimal(value: float | None) -> str:
    """Format points with up to six decimals, a decimal point and no thousands: `8.25`. None is an empty cell."""
    return "" if value is None else f"{value + 0.0:.6f}".rstrip("0").rstrip(".")
