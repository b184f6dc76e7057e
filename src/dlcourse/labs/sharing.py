"""A lab's settings as a short string that can be mailed to a friend, and back.

The string is `<lab>:<base64 of deflated JSON><checksum>`; it holds numbers and words only, nothing is ever executed,
and damage is noticed before anything is read from it.
"""

import base64
import json
import zlib
from typing import Any

_LONGEST = 100_000  # characters of JSON; a longer text is no lab's state
_LONGEST_NAME = 60  # characters of the name of a lab or setting; a longer one would only fill the message about it


def encode(lab: str, settings: dict[str, Any]) -> str:
    """The share string of a lab's settings (JSON values: numbers, words, booleans, lists)."""
    text = json.dumps(settings, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    packed = base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")
    return f"{lab}:{packed}{_checksum(lab, packed)}"


def decode(text: str) -> tuple[str, dict[str, Any]]:
    """Lab name and settings of a share string. ValueError if it is none, or was cut or changed on its way."""
    if not isinstance(text, str):
        raise ValueError(f"Share string: expected text such as 'GatesLab:eJyr…'; got {type(text).__name__}.")
    lab, separator, body = "".join(text.split()).partition(":")
    packed, checksum = body[:-8], body[-8:]
    if not separator or not lab or checksum != _checksum(lab, packed):
        raise ValueError(
            "Share string: it is incomplete or was changed on its way; copy the whole text from the Share box again."
        )
    try:
        raw = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        settings = json.loads(zlib.decompressobj().decompress(raw, _LONGEST))
    except (ValueError, RecursionError, zlib.error):
        settings = None
    if not isinstance(settings, dict) or max(map(len, (lab, *settings))) > _LONGEST_NAME:
        raise ValueError("Share string: it holds no settings of a lab; copy the whole text from the Share box again.")
    return lab, settings


def _checksum(lab: str, packed: str) -> str:
    return f"{zlib.crc32(f'{lab}:{packed}'.encode()):08x}"
