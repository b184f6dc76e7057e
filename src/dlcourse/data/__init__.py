"""The data of the course: all of it offline and seeded. `data/README.md` lists the files with origin and licence."""

from dlcourse.data.gates import GATES, gate
from dlcourse.data.images import digit_images
from dlcourse.data.photo_answers import PhotoAnswers, photo_answers
from dlcourse.data.photos import PHOTOS, SCENES, TEXTURES, patches, photo, photo_patches, textures
from dlcourse.data.scenes import digit_pages, texture_mosaics
from dlcourse.data.sequences import Series, adding_problem, curve, curve_truth, sunspots, windows
from dlcourse.data.signals import mnist1d, mnist1d_accuracies
from dlcourse.data.splits import Part, Split, split
from dlcourse.data.tables import Dataset, breast_cancer, digits, iris, loans, tangerines
from dlcourse.data.texts import Names, first_names, paragraphs, python_topics, words
from dlcourse.data.toy import TOY_SETS, toy
from dlcourse.data.tree_photos import tree_photos

__all__ = [
    "GATES",
    "PHOTOS",
    "SCENES",
    "TEXTURES",
    "TOY_SETS",
    "Dataset",
    "Names",
    "Part",
    "PhotoAnswers",
    "Series",
    "Split",
    "adding_problem",
    "breast_cancer",
    "curve",
    "curve_truth",
    "digit_images",
    "digit_pages",
    "digits",
    "first_names",
    "gate",
    "iris",
    "loans",
    "mnist1d",
    "mnist1d_accuracies",
    "paragraphs",
    "patches",
    "photo",
    "photo_answers",
    "photo_patches",
    "python_topics",
    "split",
    "sunspots",
    "tangerines",
    "texture_mosaics",
    "textures",
    "toy",
    "tree_photos",
    "windows",
    "words",
]
