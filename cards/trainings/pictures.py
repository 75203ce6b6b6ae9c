"""Uploaded pictures: judged before they are decoded, then drawn anew, so that nothing of the file itself is kept."""

from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import ExifTags, Image, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
LARGEST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 40_000_000
SIDE = 1600
MEDIA_TYPE = "image/webp"
# What a note about how the camera was held asks for.
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class BadPicture(Exception):
    """What was uploaded is no picture that Cards shows. The text is a sentence for whoever uploaded it."""


@dataclass(frozen=True)
class Encoded:
    """A picture as WebP: at most SIDE pixels a side, without a place, a camera or any other note."""

    content: bytes
    width: int
    height: int


def encode(file: BinaryIO, size: int) -> Encoded:
    """Draw the first frame of an uploaded picture anew; `size` is that of the file, in bytes.

    The number of pixels is read from the head of the file and refused before memory is taken for them.
    """
    if size > LARGEST_BYTES:
        raise BadPicture(_("This picture is too heavy. Choose one of at most 8 MB."))
    try:
        with Image.open(file, formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise BadPicture(_("This picture has too many pixels. Choose one of at most 40 million."))
            return _drawn_anew(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPicture(_("This picture has too many pixels. Choose one of at most 40 million.")) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        raise BadPicture(_("This file cannot be read as a picture. Choose a JPEG, PNG, WebP or GIF file.")) from error


def _drawn_anew(picture: Image.Image) -> Encoded:
    # A phone's picture may lie on its side, with a note that says so. Pillow's own way of turning it writes all
    # the other notes anew, and fails where one of them is odd.
    turn = UPRIGHT.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    picture.thumbnail((SIDE, SIDE))
    upright = picture if turn is None else picture.transpose(turn)
    has_alpha = upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info
    plain = upright.convert("RGBA" if has_alpha else "RGB")
    encoded = BytesIO()
    plain.save(encoded, "WEBP", quality=82, exif=b"", icc_profile=None, xmp=b"")
    return Encoded(encoded.getvalue(), plain.width, plain.height)
