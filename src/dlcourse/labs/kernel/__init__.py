"""KernelLab, a 3 × 3 kernel on a photograph: what it computes, its tasks, its picture."""

from dlcourse.labs.kernel.filters import KernelState, compute_kernel
from dlcourse.labs.kernel.lab import KernelLab

__all__ = ["KernelLab", "KernelState", "compute_kernel"]
