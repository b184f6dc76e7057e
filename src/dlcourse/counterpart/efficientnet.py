"""EfficientNet-Lite0, a network for photos that fits a telephone: 4.65 million weights, 1,000 classes.

M. Tan, Q. V. Le, EfficientNet, ICML 2019; the Lite variant: R. Liu, 2020 (no squeeze-and-excitation, ReLU6 for Swish,
so that it computes well in 8 bits). 75.1% of ImageNet's validation photos, as its authors report.
"""

import torch
from torch import nn

SIZE = 224
FEATURES, CLASSES = 1280, 1000

# repeats, kernel, stride of the first, expansion, output channels
STAGES = (
    (1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320),
)  # fmt: skip


class EfficientNetLite0(nn.Module):
    """x (N, 3, 224, 224), preprocessed, -> logits (N, 1000); `features(x)` are the 1,280 numbers before the last layer.

    Stem, 16 blocks in seven stages, head, mean over the 7 × 7 places, dropout, one linear layer.
    """

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(*_convolution(3, 32, 3, stride=2), nn.ReLU6())
        blocks, channels = [], 32
        for repeats, kernel, stride, expansion, out in STAGES:
            for number in range(repeats):
                blocks.append(Block(channels, out, kernel, 1 if number else stride, expansion))
                channels = out
        self.blocks = nn.Sequential(*blocks)
        self.head = nn.Sequential(*_convolution(channels, FEATURES, 1), nn.ReLU6())
        self.dropout = nn.Dropout(0.2)
        self.classifier = nn.Linear(FEATURES, CLASSES)

    def features(self, x: torch.Tensor) -> torch.Tensor:
        """x (N, 3, 224, 224) -> (N, 1280): what the network saw, for other tasks than its own."""
        if x.shape[1:] != (3, SIZE, SIZE):
            raise ValueError(
                f"EfficientNetLite0: x must have shape (N, 3, {SIZE}, {SIZE}) because the network was trained on it; "
                f"got {tuple(x.shape)}; preprocess(photo) makes it."
            )
        x = self.blocks(self.stem(x))  # (N, 320, 7, 7)
        return self.head(x).mean((2, 3))  # (N, 1280)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.classifier(self.dropout(self.features(x)))


class Block(nn.Module):
    """An inverted residual (Sandler et al. 2018): widen by 1×1, filter each channel by k×k, narrow by 1×1 without an
    activation; the input is added where shapes allow."""

    def __init__(self, channels: int, out: int, kernel: int, stride: int, expansion: int):
        super().__init__()
        wide = channels * expansion
        widen = [*_convolution(channels, wide, 1), nn.ReLU6()] if expansion > 1 else []
        filter_each = [*_convolution(wide, wide, kernel, stride, groups=wide), nn.ReLU6()]
        self.layers = nn.Sequential(*widen, *filter_each, *_convolution(wide, out, 1))
        self.adds = stride == 1 and channels == out

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.layers(x) if self.adds else self.layers(x)


def _convolution(channels: int, out: int, kernel: int, stride: int = 1, groups: int = 1) -> list[nn.Module]:
    """Padding, convolution, BatchNorm (momentum and eps as in TensorFlow's training).

    The output has size/stride places. TensorFlow pads `kernel - stride` in all and puts the odd one right and below,
    PyTorch's own padding would put it left and above, and the pretrained weights would see everything shifted.
    """
    before, after = (kernel - stride) // 2, (kernel - stride + 1) // 2
    padding = [nn.ZeroPad2d((before, after, before, after))] if kernel > 1 else []
    layer = nn.Conv2d(channels, out, kernel, stride, groups=groups, bias=False)
    return [*padding, layer, nn.BatchNorm2d(out, eps=1e-3, momentum=0.01)]
