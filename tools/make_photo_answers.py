"""Ask EfficientNet-Lite0 what it sees in two photos with pieces covered: python tools/make_photo_answers.py

Writes data/photo_answers.npz, so that the LIME lab answers at once; ten minutes on one core. For each photo and about
8, 20 and 50 segments: the segments, the masks that LIME draws with the seeds 0 to 9 (all masks where there are 8), and
for each fill the probabilities of the photo's three likeliest classes, in 65,535ths.
"""

import io
import os
from pathlib import Path

import numpy as np

from dlcourse import data
from dlcourse.counterpart.photo_classifier import SIZE, PhotoClassifier
from dlcourse.counterpart.pretrained import class_names, crop
from dlcourse.data.photo_answers import COUNTS, FILLS, SEEDS, fill_of
from dlcourse.explain import all_masks, cover, filled, sample_masks, segment

PHOTOS, SAMPLES, BATCH = ("chelsea", "coffee"), 200, 32
TARGET = Path(__file__).parents[1] / "data" / "photo_answers.npz"


def answers() -> dict[str, np.ndarray]:
    predict, found = PhotoClassifier(), {}
    for name in PHOTOS:
        photo = crop(data.photo(name), SIZE)
        found[f"{name}.photo"] = np.round(255 * photo).astype(np.uint8)
        classes = np.argsort(-predict(photo[None])[0])[:3]
        found[f"{name}.classes"] = np.array([class_names()[c].split(",")[0] for c in classes])
        for count in COUNTS:
            segments = segment(photo, count)
            masks = masks_of(int(segments.max()) + 1, count == COUNTS[0])
            found[f"{name}.{count}.segments"] = segments.astype(np.uint8)
            found[f"{name}.{count}.masks"] = np.packbits(masks, axis=1)
            for fill in FILLS:
                hidden = filled(photo, segments, fill_of(fill, photo))
                outputs = [
                    predict(cover(photo, hidden, segments, masks[i : i + BATCH]))[:, classes]
                    for i in range(0, len(masks), BATCH)
                ]
                found[f"{name}.{count}.{fill}"] = np.round(np.concatenate(outputs) * 65535).astype(np.uint16)
                print(name, count, fill, len(masks))
    return found


def masks_of(features: int, exact: bool) -> np.ndarray:
    """(N, features): all masks, or those of the ten seeds, one after the other."""
    if exact:
        return all_masks(features)
    return np.concatenate([sample_masks(features, SAMPLES, "paired", seed)[0] for seed in range(SEEDS)])


def main() -> None:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **answers())
    temporary = TARGET.with_suffix(".tmp")
    temporary.write_bytes(buffer.getvalue())
    os.replace(temporary, TARGET)


if __name__ == "__main__":
    main()
