"""dlcourse: the package behind the course. Start with `dlcourse.reference`, the NumPy engine, or `dlcourse.labs`."""

__version__ = "0.1.0"
