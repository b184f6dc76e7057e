"""The labs: interactive pictures for the notebooks, one file each, on the shared base in `base.py` and `live.py`."""

from dlcourse.labs.accuracy import AccuracyLab
from dlcourse.labs.activations import ActivationLab
from dlcourse.labs.base import Goal, Lab
from dlcourse.labs.composed_gates import ComposedGatesLab
from dlcourse.labs.depth import DepthLab
from dlcourse.labs.fits import RobustFitLab
from dlcourse.labs.gates import GatesLab
from dlcourse.labs.graph import GraphLab
from dlcourse.labs.learning_rule import LearningRuleLab
from dlcourse.labs.linear_map import LinearMapLab
from dlcourse.labs.losses import LossLab
from dlcourse.labs.minibatch_noise import MinibatchNoiseLab
from dlcourse.labs.optimizer_race import OptimizerRaceLab
from dlcourse.labs.playground import PlaygroundLab
from dlcourse.labs.same_start import SameStartLab
from dlcourse.labs.seeds import SeedsLab
from dlcourse.labs.stability import StabilityLab
from dlcourse.labs.xor import XorLab

__all__ = [
    "AccuracyLab",
    "ActivationLab",
    "ComposedGatesLab",
    "DepthLab",
    "GatesLab",
    "Goal",
    "GraphLab",
    "Lab",
    "LearningRuleLab",
    "LinearMapLab",
    "LossLab",
    "MinibatchNoiseLab",
    "OptimizerRaceLab",
    "PlaygroundLab",
    "RobustFitLab",
    "SameStartLab",
    "SeedsLab",
    "StabilityLab",
    "XorLab",
]
