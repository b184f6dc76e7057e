"""LimeLab: superpixels of a photo, switched by hand and by the machine, and the linear model that comes of it."""

from dlcourse.labs.lime.lab import LimeLab

__all__ = ["LimeLab"]
