"""Record docs/moving.gif, a lab in a real JupyterLab while two of its sliders move: python tools/moving_picture.py"""

import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser.jupyter_server import jupyter_server  # noqa: E402 (the repository is no package)
from tests.browser.notebook_page import Browser  # noqa: E402

TARGET = ROOT / "docs" / "moving.gif"
CELLS = ["from dlcourse.labs import GatesLab", "GatesLab(w1=0.9, w2=-0.6, b=-0.3)"]
MOVES = [("w₂", "ArrowRight", 24), ("b = −θ", "ArrowLeft", 14)]  # slider, key, presses
STEP, REST = 90, 2500  # milliseconds a frame is shown; the first and the last longer


def record() -> list[Image.Image]:
    """A picture of the lab before the first key press and after each."""
    with tempfile.TemporaryDirectory() as folder, jupyter_server(Path(folder)) as server, Browser() as browser:
        page = browser.open_cells(server, CELLS, "moving.ipynb")
        page.page.keyboard.press("Control+b")  # the file browser off the page
        page.run_all()
        page.lab().pixels()
        lab = page.page.locator(".jp-OutputArea-output:has(.dlc-live)").first
        frames = [_picture(lab)]
        for name, key, presses in MOVES:
            for _ in range(presses):
                page.press(page.slider(name), key)
                page.wait_for_kernel()
                frames.append(_picture(lab))
        return frames


def _picture(element) -> Image.Image:
    picture = Image.open(BytesIO(element.screenshot())).convert("RGB")
    return picture.crop((0, 0, 900, picture.height))


if __name__ == "__main__":
    pictures = record()
    palette = pictures[-1].quantize(256)
    frames = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures]
    times = [REST // 2, *[STEP] * (len(frames) - 2), REST]
    frames[0].save(TARGET, save_all=True, append_images=frames[1:], duration=times, loop=0, optimize=True)
    print(f"{TARGET.relative_to(ROOT)}: {len(frames)} frames, {TARGET.stat().st_size // 1000} kB")
