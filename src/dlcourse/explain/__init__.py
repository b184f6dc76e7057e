"""Explanations of single predictions: LIME for images, tables and texts, and saliency to set beside it.

The model comes as a function `predict(batch) -> outputs (N, classes)`; nothing here knows what is inside it.
"""

from dlcourse.explain.lime import Explanation, LocalModel, fit_local
from dlcourse.explain.lime_image import ImageExplanation, cover, explain_image, filled
from dlcourse.explain.lime_tabular import Background, explain_row
from dlcourse.explain.lime_text import SplitText, explain_text
from dlcourse.explain.masks import all_masks, banzhaf, sample_masks
from dlcourse.explain.saliency import grad_cam, gradient_times_input, occlusion
from dlcourse.explain.segmentation import compact, segment

__all__ = [
    "Background",
    "Explanation",
    "ImageExplanation",
    "LocalModel",
    "SplitText",
    "all_masks",
    "banzhaf",
    "compact",
    "cover",
    "explain_image",
    "explain_row",
    "explain_text",
    "filled",
    "fit_local",
    "grad_cam",
    "gradient_times_input",
    "occlusion",
    "sample_masks",
    "segment",
]
