"""GridWorldLab: an agent learns a small world by walking in it. You set the rewards; it finds out what you said.

Q(s, a) ← Q(s, a) + α (r + γ·next − Q(s, a)), step by step, and every step can be looked at again.
"""

from dlcourse.labs.grid_world.lab import GridWorldLab
from dlcourse.labs.grid_world.walks import GridWorldState, compute_grid_world

__all__ = ["GridWorldLab", "GridWorldState", "compute_grid_world"]
