"""The labs: interactive pictures for the notebooks, one file each, on the shared base in `base.py` and `live.py`."""

from dlcourse.labs.base import Goal, Lab
from dlcourse.labs.gates import GatesLab

__all__ = ["GatesLab", "Goal", "Lab"]
