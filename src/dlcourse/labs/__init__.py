"""The labs: interactive pictures for the notebooks, one file each, on the shared base in `base.py` and `live.py`."""

from dlcourse.labs.base import Goal, Lab
from dlcourse.labs.composed_gates import ComposedGatesLab
from dlcourse.labs.gates import GatesLab
from dlcourse.labs.learning_rule import LearningRuleLab
from dlcourse.labs.playground import PlaygroundLab
from dlcourse.labs.seeds import SeedsLab
from dlcourse.labs.xor import XorLab

__all__ = ["ComposedGatesLab", "GatesLab", "Goal", "Lab", "LearningRuleLab", "PlaygroundLab", "SeedsLab", "XorLab"]
