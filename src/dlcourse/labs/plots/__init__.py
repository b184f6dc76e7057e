"""Static pictures for the notebooks, in the look of the labs; each function returns a Picture with alternative text."""

from dlcourse.labs.plots.charts import bars, curves, regions
from dlcourse.labs.plots.nerve_cell import neuron

__all__ = ["bars", "curves", "neuron", "regions"]
