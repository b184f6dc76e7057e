"""The labs: interactive pictures for the notebooks, one file each, on the shared base in `base.py` and `live.py`."""

from dlcourse.labs.accuracy import AccuracyLab
from dlcourse.labs.activations import ActivationLab
from dlcourse.labs.bandit import BanditLab
from dlcourse.labs.base import Goal, Lab
from dlcourse.labs.bitter_lesson import BitterLessonLab
from dlcourse.labs.channels import ChannelsLab
from dlcourse.labs.clusters import ClustersLab
from dlcourse.labs.composed_gates import ComposedGatesLab
from dlcourse.labs.depth import DepthLab
from dlcourse.labs.dropout import DropoutLab
from dlcourse.labs.follow_pixel import FollowPixelLab
from dlcourse.labs.forgetting import ForgettingLab
from dlcourse.labs.four_levers import FourLeversLab
from dlcourse.labs.gates import GatesLab
from dlcourse.labs.ghost_fits import GhostFitsLab
from dlcourse.labs.gradient_product import ProductLab
from dlcourse.labs.graph import GraphLab
from dlcourse.labs.grid_world import GridWorldLab
from dlcourse.labs.kernel import KernelLab
from dlcourse.labs.layers import LayerLab
from dlcourse.labs.learning_rule import LearningRuleLab
from dlcourse.labs.lime import LimeLab
from dlcourse.labs.linear_map import LinearMapLab
from dlcourse.labs.losses import LossLab
from dlcourse.labs.lstm_gate import LstmGateLab
from dlcourse.labs.minibatch_noise import MinibatchNoiseLab
from dlcourse.labs.optimizer_race import OptimizerRaceLab
from dlcourse.labs.paint_digit import PaintDigitLab
from dlcourse.labs.playground import PlaygroundLab
from dlcourse.labs.receptive_field import ReceptiveFieldLab
from dlcourse.labs.robust_fit import RobustFitLab
from dlcourse.labs.same_start import SameStartLab
from dlcourse.labs.seeds import SeedsLab
from dlcourse.labs.shift import ShiftLab
from dlcourse.labs.stability import StabilityLab
from dlcourse.labs.step_time import StepTimeLab
from dlcourse.labs.ten_tangerines import TenTangerinesLab
from dlcourse.labs.text_gradient import TextGradientLab
from dlcourse.labs.threshold import ThresholdLab
from dlcourse.labs.transfer import TransferLab
from dlcourse.labs.unrolled import UnrolledLab
from dlcourse.labs.word_map import WordMapLab
from dlcourse.labs.xor import XorLab

__all__ = [
    "AccuracyLab",
    "ActivationLab",
    "BanditLab",
    "BitterLessonLab",
    "ChannelsLab",
    "ClustersLab",
    "ComposedGatesLab",
    "DepthLab",
    "DropoutLab",
    "FollowPixelLab",
    "ForgettingLab",
    "FourLeversLab",
    "GatesLab",
    "GhostFitsLab",
    "Goal",
    "GraphLab",
    "GridWorldLab",
    "KernelLab",
    "Lab",
    "LayerLab",
    "LearningRuleLab",
    "LimeLab",
    "LinearMapLab",
    "LossLab",
    "LstmGateLab",
    "MinibatchNoiseLab",
    "OptimizerRaceLab",
    "PaintDigitLab",
    "PlaygroundLab",
    "ProductLab",
    "ReceptiveFieldLab",
    "RobustFitLab",
    "SameStartLab",
    "SeedsLab",
    "ShiftLab",
    "StabilityLab",
    "StepTimeLab",
    "TenTangerinesLab",
    "TextGradientLab",
    "ThresholdLab",
    "TransferLab",
    "UnrolledLab",
    "WordMapLab",
    "XorLab",
]
