"""The labs: interactive pictures for the notebooks, one file each, on the shared base in `base.py` and `live.py`."""

from dlcourse.labs.accuracy import AccuracyLab
from dlcourse.labs.activations import ActivationLab
from dlcourse.labs.base import Goal, Lab
from dlcourse.labs.channels import ChannelsLab
from dlcourse.labs.composed_gates import ComposedGatesLab
from dlcourse.labs.depth import DepthLab
from dlcourse.labs.gates import GatesLab
from dlcourse.labs.graph import GraphLab
from dlcourse.labs.kernel import KernelLab
from dlcourse.labs.learning_rule import LearningRuleLab
from dlcourse.labs.linear_map import LinearMapLab
from dlcourse.labs.losses import LossLab
from dlcourse.labs.minibatch_noise import MinibatchNoiseLab
from dlcourse.labs.optimizer_race import OptimizerRaceLab
from dlcourse.labs.playground import PlaygroundLab
from dlcourse.labs.receptive_field import ReceptiveFieldLab
from dlcourse.labs.robust_fit import RobustFitLab
from dlcourse.labs.same_start import SameStartLab
from dlcourse.labs.seeds import SeedsLab
from dlcourse.labs.shift import ShiftLab
from dlcourse.labs.stability import StabilityLab
from dlcourse.labs.ten_tangerines import TenTangerinesLab
from dlcourse.labs.threshold import ThresholdLab
from dlcourse.labs.xor import XorLab

__all__ = [
    "AccuracyLab",
    "ActivationLab",
    "ChannelsLab",
    "ComposedGatesLab",
    "DepthLab",
    "GatesLab",
    "Goal",
    "GraphLab",
    "KernelLab",
    "Lab",
    "LearningRuleLab",
    "LinearMapLab",
    "LossLab",
    "MinibatchNoiseLab",
    "OptimizerRaceLab",
    "PlaygroundLab",
    "ReceptiveFieldLab",
    "RobustFitLab",
    "SameStartLab",
    "SeedsLab",
    "ShiftLab",
    "StabilityLab",
    "TenTangerinesLab",
    "ThresholdLab",
    "XorLab",
]
