"""EfficientNet-Lite0 as a function of photos, quick enough to be asked a thousand times: what explanations ask.

On a CPU core a photo of 128 × 128 takes a fifth of the time that one of 224 × 224 takes in the network as it was
trained: there are a third of the pixels, each BatchNorm is folded into the convolution before it, and the channels lie
beside each other in memory.
"""

import numpy as np
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from dlcourse.counterpart.pretrained import efficientnet_lite0, scale_pixels

SIZE = 128  # pixels; the smallest at which the network still knows its photos


class PhotoClassifier:
    """photos (N, H, W, 3) -> probabilities (N, 1000), float32; H and W multiples of 32.

    Photos are floats from 0 to 1, or uint8 from 0 to 255. ValueError for other shapes, types or ranges.

    front: x (N, 3, H, W), scaled by `scale_pixels` -> the last maps (N, 1280, H/32, W/32); back: maps -> logits
    (N, 1000). Both can be differentiated, for Grad-CAM.
    """

    def __init__(self):
        network = efficientnet_lite0()
        self.front = _folded(nn.Sequential(network.stem, network.blocks, network.head))
        self.front = self.front.to(memory_format=torch.channels_last).requires_grad_(False)
        self.classifier = network.classifier.requires_grad_(False)

    def back(self, maps: torch.Tensor) -> torch.Tensor:
        return self.classifier(maps.mean((2, 3)))

    def logits(self, x: torch.Tensor) -> torch.Tensor:
        """x (N, 3, H, W), scaled -> (N, 1000)."""
        return self.back(self.front(x))

    def __call__(self, photos: np.ndarray) -> np.ndarray:
        photos = np.asarray(photos)
        if photos.ndim != 4 or photos.shape[3] != 3 or photos.shape[1] % 32 or photos.shape[2] % 32:
            raise ValueError(
                "PhotoClassifier: photos must have shape (N, H, W, 3), H and W multiples of 32, by which the network "
                f"divides them; got {photos.shape}; crop(photo, {SIZE}) makes one."
            )
        with torch.inference_mode():
            return self.logits(scale_pixels(_fractions(photos))).softmax(1).numpy()


def _fractions(photos: np.ndarray) -> np.ndarray:
    """Photos as numbers from 0 to 1; a resized photo may overshoot a little."""
    if photos.dtype == np.uint8:
        return photos / np.float32(255)
    if photos.dtype.kind != "f" or not (photos.min(initial=0) >= -0.1 and photos.max(initial=0) <= 1.1):
        came = f"from {photos.min():g} to {photos.max():g}" if photos.dtype.kind in "iuf" and photos.size else "numbers"
        raise ValueError(
            f"PhotoClassifier: photos must be floats from 0 to 1, or uint8 from 0 to 255; got {photos.dtype} {came}; "
            "divide them by the number that is white."
        )
    return photos


def _folded(module: nn.Module) -> nn.Module:
    """The same function with each BatchNorm folded into the convolution before it, for evaluation only."""
    for child in module.children():
        _folded(child)
    if isinstance(module, nn.Sequential):
        layers: list[nn.Module] = []
        for layer in module:
            if isinstance(layer, nn.BatchNorm2d):
                layers[-1] = fuse_conv_bn_eval(layers[-1], layer)
            else:
                layers.append(layer)
        module._modules = {str(number): layer for number, layer in enumerate(layers)}
    return module
