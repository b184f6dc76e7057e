"""The data of the course: all of it offline and seeded. `data/README.md` lists the files with origin and licence."""

from dlcourse.data.gates import GATES, gate
from dlcourse.data.tables import Dataset, digits, iris, loans
from dlcourse.data.toy import TOY_SETS, toy

__all__ = ["GATES", "TOY_SETS", "Dataset", "digits", "gate", "iris", "loans", "toy"]
