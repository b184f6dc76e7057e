"""Numbers as the labs write them: rounded, with a true minus sign, and without a negative zero."""


def signed(value: float, decimals: int = 2) -> str:
    """A number with a fixed number of decimals: 0.25, −1.50, 0.00."""
    return f"{round(value, decimals) + 0.0:.{decimals}f}".replace("-", "−")


def trimmed(value: float, decimals: int = 2) -> str:
    """A number with at most so many decimals: 0.25, −1.5, 3, 0."""
    text = signed(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def small(value: float) -> str:
    """A number of any size in at most three figures: 0.107, 9.54e−07, 2.36."""
    text = f"{value:.3g}" if value == 0 or 1e-3 <= abs(value) < 1e4 else f"{value:.2e}"
    return text.replace("-", "−")


def brief(value: float) -> str:
    """A number of any size in two figures or without decimals, for a narrow column: 0.71, 1842, 5e−07, 0."""
    if 0.001 <= value < 9999.5:
        return f"{value:#.2g}" if value < 10 else f"{value:.0f}"
    if value == 0:
        return "0"
    return f"{value:.0e}".replace("-", "−").replace("+", "")
