"""Take a real screenshot of each lab for the documentation: python tools/screenshots.py [lab …]

JupyterLab in Chromium, 1280 × 800, the lab as a learner sees it; docs/labs/<lab>.png, 256 colours.
"""

import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser.jupyter_server import jupyter_server  # noqa: E402 (the repository is no package)
from tests.browser.notebook_page import Browser  # noqa: E402

FOLDER = ROOT / "docs" / "labs"
CELLS = {
    "TenTangerinesLab": "TenTangerinesLab(limit=7.5)",
    "ThresholdLab": 'ThresholdLab(features="diameter and colour", step=80)',
    "FollowPixelLab": "FollowPixelLab()",
    "PaintDigitLab": "PaintDigitLab()",
    "LayerLab": "LayerLab(epochs=40, moment=30)",
    "GatesLab": "GatesLab(w1=0.5, w2=0.5, b=-0.7)",
    "LearningRuleLab": 'LearningRuleLab(data="iris", step=3)',
    "ComposedGatesLab": 'ComposedGatesLab(first="NAND", second="OR", output="AND")',
    "XorLab": "XorLab(w11=-0.5, w12=-0.5, b1=0.7, w21=0.5, w22=0.5, b2=-0.2, v1=0.5, v2=0.5, c=-0.7)",
    "LinearMapLab": 'LinearMapLab(view="eigenlines")',
    "GraphLab": 'GraphLab(expression="2-2-1 network", step=20)',
    "ActivationLab": 'ActivationLab(function="tanh", z=0.8, compare="sigmoid")',
    "DepthLab": "DepthLab(gain=1.41, killed=[(4, unit) for unit in range(48)])",
    "SameStartLab": "SameStartLab(tick=40)",
    "LossLab": "LossLab(z1=-2.0, z2=3.0, z3=0.5)",
    "AccuracyLab": "AccuracyLab(share=0.2, b=-1.0)",
    "RobustFitLab": "RobustFitLab(x=18.0, y=0.0)",
    "OptimizerRaceLab": 'OptimizerRaceLab(landscape="Rosenbrock", rule="each at its best rate", step=150)',
    "StabilityLab": "StabilityLab(rate=2.04, beta=0.6)",
    "MinibatchNoiseLab": 'MinibatchNoiseLab(batch=2, rate=1.5, schedule="cosine to 0", step=200)',
    "KernelLab": "KernelLab()",
    "ChannelsLab": "ChannelsLab(green=0.0, blue=-1.0)",
    "ShiftLab": 'ShiftLab(layer="convolution, stride 2", right=3, down=2)',
    "ReceptiveFieldLab": 'lab = ReceptiveFieldLab()\nlab.preset("Dilation 2, 4, 8 keeps every place")\nlab',
    "FourLeversLab": "FourLeversLab(points=20, early=True)",
    "GhostFitsLab": "GhostFitsLab()",
    "DropoutLab": "DropoutLab(mask=40)",
    "UnrolledLab": "UnrolledLab(place=4, letter='s', strength=1.1)",
    "ProductLab": 'ProductLab(w=1.5, inputs="noise")',
    "LstmGateLab": 'LstmGateLab(forget="0.99", input="0")',
    "TextGradientLab": "TextGradientLab()",
    "TransferLab": "TransferLab(shots=10, cut=2)",
    "ForgettingLab": "ForgettingLab(step=20)",
    "BanditLab": "BanditLab(epsilon=0.0, ucb=0.5, reveal=True)",
    "GridWorldLab": "GridWorldLab(slip=0.2, seed=1)",
    "LimeLab": 'LimeLab(show="the explanation")',
    "StepTimeLab": 'StepTimeLab(batch=4096, width=4096, device="one GPU (A100)")',
    "BitterLessonLab": "BitterLessonLab(signals=8000, steps=6000)",
    "ClustersLab": "ClustersLab(step=3)",
    "WordMapLab": 'WordMapLab(a="true")',
    "SeedsLab": "SeedsLab(hidden=3)",
    "PlaygroundLab": 'PlaygroundLab(data="spirals", layers=3, units=8, epochs=2, tick=150)',
}


def main() -> None:
    names = sys.argv[1:] or list(CELLS)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, jupyter_server(Path(folder)) as server, Browser() as browser:
        for name in names:
            page = browser.open_cells(server, [f"from dlcourse.labs import {name}", CELLS[name]], f"{name}.ipynb")
            page.page.keyboard.press("Control+b")  # the file browser off the page
            page.run_all()
            page.lab().pixels()
            page.page.evaluate("document.querySelector('.dlc-live').scrollIntoView()")
            page.page.wait_for_timeout(500)
            picture = Image.open(BytesIO(page.page.screenshot())).convert("RGB")
            picture.quantize(256, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)
            print(f"{name}: {(FOLDER / f'{name}.png').stat().st_size // 1000} kB")
            page.close()


if __name__ == "__main__":
    main()
