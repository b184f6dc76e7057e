"""The data of the course: all of it offline and seeded. `data/README.md` lists the files with origin and licence."""

from dlcourse.data.bandits import lever_pay
from dlcourse.data.bitter_lesson import bitter_lesson
from dlcourse.data.cuda_figures import CudaFigures, cuda_figures
from dlcourse.data.gates import GATES, gate
from dlcourse.data.grid_world import CLIFF, MOVES, TWO_WAYS, GridWorld
from dlcourse.data.groups import CLUSTER_SETS, cluster_set
from dlcourse.data.images import digit_images, moving_digits
from dlcourse.data.matched_filters import matched_filters
from dlcourse.data.photo_answers import PhotoAnswers, photo_answers
from dlcourse.data.photos import PHOTOS, SCENES, TEXTURES, patches, photo, photo_patches, textures
from dlcourse.data.scenes import digit_pages, texture_mosaics
from dlcourse.data.sequences import Series, adding_problem, curve, curve_truth, sunspots, windows
from dlcourse.data.signals import mnist1d, mnist1d_accuracies
from dlcourse.data.splits import Part, Split, split
from dlcourse.data.tables import Dataset, breast_cancer, digits, iris, loans, tangerines
from dlcourse.data.texts import Names, first_names, paragraphs, python_topics, words
from dlcourse.data.toy import TOY_SETS, toy
from dlcourse.data.transfer_curves import TransferCurves, transfer_curves
from dlcourse.data.tree_photos import tree_photos
from dlcourse.data.word_pairs import Corpus, corpus
from dlcourse.data.word_vectors import WordVectors, glove, has_glove

__all__ = [
    "CLIFF",
    "CLUSTER_SETS",
    "GATES",
    "MOVES",
    "PHOTOS",
    "SCENES",
    "TEXTURES",
    "TOY_SETS",
    "TWO_WAYS",
    "Corpus",
    "CudaFigures",
    "Dataset",
    "GridWorld",
    "Names",
    "Part",
    "PhotoAnswers",
    "Series",
    "Split",
    "TransferCurves",
    "WordVectors",
    "adding_problem",
    "bitter_lesson",
    "breast_cancer",
    "cluster_set",
    "corpus",
    "cuda_figures",
    "curve",
    "curve_truth",
    "digit_images",
    "digit_pages",
    "digits",
    "first_names",
    "gate",
    "glove",
    "has_glove",
    "iris",
    "lever_pay",
    "loans",
    "matched_filters",
    "mnist1d",
    "mnist1d_accuracies",
    "moving_digits",
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
    "transfer_curves",
    "tree_photos",
    "windows",
    "words",
]
