"""The loop of learning from reward."""

from dlcourse.labs.drawing import arrow, blank_axes, rounded_box
from dlcourse.labs.palette import BLUE, INK, LARGE, NORMAL, ORANGE, ORANGE_TEXT, PAPER
from dlcourse.labs.picture import Picture


def reward_loop() -> Picture:
    """Agent and world: an action goes one way, a reward and a new state come back."""
    words = (
        "The agent sends an action to the world; the world sends a reward and a new state back to the agent, for ever"
    )
    picture = Picture(words, 620, 170)
    axes = blank_axes(picture.figure, (0, 0, 620, 170))
    boxes = (
        (20, BLUE, "Agent", "policy: what to do\nvalues: what to expect"),
        (430, ORANGE, "World", "what follows,\nwhat is paid"),
    )
    for left, colour, name, what in boxes:
        rounded_box(axes, (left, 30, 170, 110), PAPER, colour, 2, zorder=1)
        axes.text(left + 85, 58, name, fontsize=LARGE, weight="bold", color=INK, ha="center", va="center")
        axes.text(left + 85, 102, what, fontsize=NORMAL, color=INK, ha="center", va="center", linespacing=1.4)
    for y, ends, colour, text in (
        (52, (202, 418), BLUE, "action a"),
        (92, (418, 202), ORANGE_TEXT, "reward r"),
        (124, (418, 202), INK, "new state s"),
    ):
        arrow(axes, (ends[0], y), (ends[1], y))
        axes.text(310, y - 10, text, fontsize=NORMAL, color=colour, ha="center", va="center")
    return picture
