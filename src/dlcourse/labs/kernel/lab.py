"""KernelLab: nine numbers slide over a photograph, and what they answer is a picture again."""

import ipywidgets

from dlcourse.labs.base import Goal, Lab
from dlcourse.labs.kernel.filters import SIDE, KernelState, compute_kernel, judged
from dlcourse.labs.kernel.view import KernelView
from dlcourse.labs.rounding import signed, small


def _kernel(*entries: int, divisor: int = 1, **others) -> dict:
    names = [f"k{row}{column}" for row in (1, 2, 3) for column in (1, 2, 3)]
    return dict(zip(names, entries, strict=True)) | {"divisor": divisor} | others


_EMBOSS = (-2, -1, 0, -1, 1, 1, 0, 1, 2)


class KernelLab(Lab):
    """A 3 × 3 kernel on a photo. Change its nine numbers, drag the window over the photo, play it row by row."""

    title = "A kernel on a photograph"
    State, View, compute = KernelState, KernelView, staticmethod(compute_kernel)
    presets = {
        "One in the middle: the photo as it is": _kernel(0, 0, 0, 0, 1, 0, 0, 0, 0),
        "Box blur: the mean of nine": _kernel(*[1] * 9, divisor=9),
        "Gaussian blur: the middle counts most": _kernel(1, 2, 1, 2, 4, 2, 1, 2, 1, divisor=16),
        "Sharpen: what differs is made to differ more": _kernel(0, -1, 0, -1, 5, -1, 0, -1, 0),
        "Sobel: right minus left finds upright edges": _kernel(-1, 0, 1, -2, 0, 2, -1, 0, 1, photo="brick"),
        "Sobel turned: level edges": _kernel(-1, -2, -1, 0, 0, 0, 1, 2, 1, photo="brick"),
        "Laplacian: every edge, and dots most": _kernel(-1, -1, -1, -1, 8, -1, -1, -1, -1),
        "Emboss: light from the upper left": _kernel(*_EMBOSS),
        "Flip: the light comes from the lower right": _kernel(*_EMBOSS, flip=True),
        "Stride 2: a quarter of the outputs": _kernel(1, 2, 1, 2, 4, 2, 1, 2, 1, divisor=16, stride=2, position=500),
        "Padding 1: the size is kept": _kernel(1, 2, 1, 2, 4, 2, 1, 2, 1, divisor=16, padding=1, position=0),
        "Dilation 4: a wide view with nine weights": _kernel(-1, 0, 1, -2, 0, 2, -1, 0, 1, dilation=4),
    }  # fmt: skip

    def arrange(self):
        """The nine numbers in three rows of three, as they stand in the kernel."""
        page = super().arrange()
        panel = page.children[1]
        inputs = list(panel.children)
        first = next(i for i, child in enumerate(inputs) if child is self.controls["k11"].widget)
        entries = inputs[first : first + 9]
        for slider in entries:
            slider.layout.width, slider.style.description_width = "204px", "32px"
        grid = ipywidgets.Box(entries, layout={"display": "flex", "flex_flow": "row wrap", "width": "640px"})
        panel.children = (*inputs[:first], grid, *inputs[first + 9 :])
        return page

    def describe(self, state, result):
        row, column = result.place
        total = result.kernel.sum()
        sense = "flat areas give 0" if abs(total) < 1e-9 else f"flat areas are multiplied by {small(round(total, 2))}"
        text = f"{SIDE} × {SIDE} pixels become {result.side} × {result.side}. At row {row}, column {column} the nine "
        text += f"products add up to {signed(result.output[row, column])}. The weights add up to "
        return f"{text}{small(round(total, 2))}: {sense}.{' The kernel is turned by 180°.' * state.flip}"

    def judge(self, state, result):
        return Goal(*judged(state, result))

    def moved(self, gesture):
        state, n = self.state, self.result.side
        middle = state.dilation + 0.5 - state.padding
        row, column = (
            min(max(round((at - middle) / state.stride), 0), n - 1) for at in (gesture.y, gesture.x)
        )  # the output whose window is nearest
        return {"position": row * n + column}

    def limits(self, state, result):
        return {"position": (0, result.output.size - 1)}

    def code(self, state):
        rows = [[getattr(state, f"k{row}{column}") for column in (1, 2, 3)] for row in (1, 2, 3)]
        if state.flip:
            rows = [row[::-1] for row in rows[::-1]]
        turned = "  # turned by 180°" if state.flip else ""
        return (
            "from dlcourse.labs.pixels import grey_photo\n\n"
            f"photo = engine.tensor(grey_photo({state.photo!r})).to(engine.float64).reshape(1, 1, {SIDE}, {SIDE})\n"
            f"kernel = engine.tensor({rows}, dtype=engine.float64) / {state.divisor}{turned}\n"
            "output = engine.nn.functional.conv2d(\n"
            "    photo, kernel.reshape(1, 1, 3, 3),\n"
            f"    stride={state.stride}, padding={state.padding}, dilation={state.dilation},\n"
            ")[0, 0]\n"
            "print(tuple(output.shape), round(output.mean().item(), 3))"
        )
