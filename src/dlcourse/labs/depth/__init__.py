"""DepthLab, a thousand samples through a deep network before its first step: computation, picture, lab."""

from dlcourse.labs.depth.lab import DepthLab, DepthState, compute_depth

__all__ = ["DepthLab", "DepthState", "compute_depth"]
