"""The files of the course's `data/` folder: found in a checkout or an installed package, and checked when read."""

import hashlib
import io
from pathlib import Path

import numpy as np

# The SHA-256 of each file, a text's with line ends \n; data/README.md gives the same beside origin and licence.
SHA256 = {
    "bitter_lesson.csv": "a41413ca38195aff6f44e5a064f50710540aac15dcce9532114290d8e947d5b8",
    "first_names.csv": "272831f9f42d372ff5373a4e174cda68f72e61f864d85af8f34cb3dea6a00c59",
    "loans.csv": "ca582eda7f892862bc8115785afa44d970cecfe780465d46444fbd230ce36909",
    "mnist1d_table.csv": "42519b51767df57f6c594ea55f478072f31c1f0f4a9e3e66c139b1edca0bfb7e",
    "photo_answers.npz": "ccfa2f978450ccad348d6d4707971e8d4f865a9c800ff3456847e94c1987e6cb",
    "python_topics.txt": "da8b87dee844eed1b794ad24f0b330eb823153909567f5b38162bd0ce15c5c62",
    "sunspots.csv": "f27f008d9156ad412e4d049a84d1a2aeaf5a9c575c6e4964e0247376ebe829cf",
    "tangerines.csv": "fba4d5d4c7ae3fe34b1cbe1727ca917231a8475af8ac0add8edccc6689d7fa95",
    "transfer_curves.npz": "751fbe894144a8a47bc29e1498419ee089739490efea8b3fbca8ad9b5f800a2e",
}


def read_text(name: str) -> str:
    """The text of a file of `data/`, line ends \\n. ValueError if it is damaged, FileNotFoundError if it is missing."""
    path = data_file(name)
    return _checked(path, path.read_bytes().replace(b"\r\n", b"\n")).decode("utf-8")


def read_arrays(name: str) -> dict[str, np.ndarray]:
    """The arrays of an .npz file of `data/`; errors as in `read_text`."""
    path = data_file(name)
    with np.load(io.BytesIO(_checked(path, path.read_bytes())), allow_pickle=False) as arrays:
        return dict(arrays)


def _checked(path: Path, raw: bytes) -> bytes:
    if hashlib.sha256(raw).hexdigest() != SHA256[path.name]:
        who = path.stem
        raise ValueError(f"{who}: {path.name} is damaged (its checksum differs); restore it with tools/make_{who}.py.")
    return raw


def data_file(name: str) -> Path:
    """A file of the course's `data/` folder: in the checkout, or inside an installed package."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package.parents[1] / "data", package / "_data"):
        if (folder / name).is_file():
            return folder / name
    raise FileNotFoundError(
        f"data: {name} is missing; install dlcourse anew or restore the folder data/ of the checkout."
    )
