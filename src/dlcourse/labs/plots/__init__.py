"""Static pictures for the notebooks, in the look of the labs; each function returns a Picture with alternative text."""

from dlcourse.labs.plots.activations import activation_gallery
from dlcourse.labs.plots.charts import bars, curves, regions
from dlcourse.labs.plots.explanations import coefficients, heat
from dlcourse.labs.plots.graph import graph
from dlcourse.labs.plots.groups import groups
from dlcourse.labs.plots.images import images
from dlcourse.labs.plots.learning import fields_of_ai, learning_process, rules_or_data, three_parts
from dlcourse.labs.plots.linear_maps import fits, function_shapes, function_views, planes
from dlcourse.labs.plots.nerve_cell import neuron
from dlcourse.labs.plots.optimizers import landforms, optimizer_family
from dlcourse.labs.plots.representation import four_ways
from dlcourse.labs.plots.rewards import reward_loop
from dlcourse.labs.plots.transfer import few_shots

__all__ = [
    "activation_gallery",
    "bars",
    "coefficients",
    "curves",
    "few_shots",
    "fields_of_ai",
    "fits",
    "four_ways",
    "function_shapes",
    "function_views",
    "graph",
    "groups",
    "heat",
    "images",
    "landforms",
    "learning_process",
    "neuron",
    "optimizer_family",
    "planes",
    "regions",
    "reward_loop",
    "rules_or_data",
    "three_parts",
]
