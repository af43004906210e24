"""QR codes as a phone reads them: what one look misses, another finds."""

from itertools import product
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageFilter

SCALES: Final = (2, 1, 3, 1.5, 4)
BLURS: Final = (0.0, 1.0, 2.0)


def read_code(picture: Image.Image) -> str:
    """What the one code on the picture says; nothing when it cannot be read from near or far, sharp or blurred."""
    for blur, scale in product(BLURS, SCALES):
        large = picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.NEAREST)
        seen = large.filter(ImageFilter.GaussianBlur(blur)) if blur else large
        said, _, _ = cv2.QRCodeDetector().detectAndDecode(np.asarray(seen.convert("L")))
        if said:
            return str(said)
    return ""
