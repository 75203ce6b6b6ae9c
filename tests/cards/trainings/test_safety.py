"""What editors type and upload cannot harm those who read it."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageOps

from cards.trainings.markdown import as_html
from cards.trainings.pictures import LARGEST_BYTES, SIDE, BadPicture, encode
from cards.trainings.videos import Video, video_at


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# One\n\n**two** *three*", "<h2>One</h2>\n<p><strong>two</strong> <em>three</em></p>\n"),
        (
            "[a](https://a.example)",
            '<p><a href="https://a.example" rel="noopener noreferrer">a</a></p>\n',
        ),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ('<img src=x onerror="alert(1)">', '<p>&lt;img src=x onerror="alert(1)"&gt;</p>\n'),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>\n"),
        ("[a](JaVaScRiPt&colon;alert(1))", "<p>[a](JaVaScRiPt:alert(1))</p>\n"),
        ("[a](data:text/html,x)", "<p>[a](data:text/html,x)</p>\n"),
        ("<javascript:alert(1)>", "<p>&lt;javascript:alert(1)&gt;</p>\n"),
        (
            "![a](https://a.example/p.png)",
            '<p>!<a href="https://a.example/p.png" rel="noopener noreferrer">a</a></p>\n',
        ),
    ],
)
def test_texts_become_harmless_html(text: str, html: str) -> None:
    assert as_html(text) == html


SNIPPETS = [
    "<script>", "</p>", "onclick=", "javascript:", "[a](", ")", "![", "<a href='", "<svg/onload=", "&#x6a;", "`",
    "\n\n", "<style>", "data:", "](", "<iframe src=", "```", "> ", "<!--", "-->", '"', "'", "x",
]  # fmt: skip


@given(st.lists(st.sampled_from(SNIPPETS), max_size=20).map("".join))
def test_no_text_becomes_anything_that_runs(text: str) -> None:
    found = as_html(text).lower()
    for tag in ("<script", "<style", "<iframe", "<svg", "<img", "<form", "<!--"):
        assert tag not in found
    assert 'href="javascript' not in found
    assert 'href="data' not in found
    assert " onclick=" not in [part.split(">")[0] for part in found.split("<a")[1:]]


# --- pictures ---------------------------------------------------------------------------------------


def drawn(kind: str, size: tuple[int, int] = (60, 40), **options: object) -> BytesIO:
    file = BytesIO()
    Image.new("RGB", size, "teal").save(file, kind, **options)
    file.seek(0)
    return file


def a_bomb(width: int, height: int) -> BytesIO:
    """A PNG of a few bytes whose head announces `width` × `height` pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 10_000)
    return BytesIO(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b""))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_picture_becomes_a_new_webp(kind: str) -> None:
    encoded = encode(drawn(kind), 1000)
    with Image.open(BytesIO(encoded.content)) as again:
        assert (again.format, again.size) == ("WEBP", (60, 40))


def test_a_large_picture_becomes_smaller() -> None:
    encoded = encode(drawn("JPEG", (4000, 1000)), 1000)
    assert (encoded.width, encoded.height) == (SIDE, SIDE // 4)


def test_notes_in_a_picture_are_not_kept_but_it_stands_upright() -> None:
    notes = Image.Exif()
    notes[0x0112] = 6  # lies on its side
    notes[0x010F] = "A camera with an owner"
    encoded = encode(drawn("JPEG", exif=notes), 1000)
    assert (encoded.width, encoded.height) == (40, 60)
    assert b"camera" not in encoded.content
    with Image.open(BytesIO(encoded.content)) as again:
        assert not again.getexif()


@pytest.mark.parametrize("tag", [ExifTags.Base.ImageWidth, ExifTags.Base.Compression, ExifTags.Base.XResolution])
def test_an_odd_note_does_not_stop_a_picture_from_standing_upright(tag: int) -> None:
    """A text where other cameras write a number."""
    entries = [(tag, 2, 4, b"odd\0"), (ExifTags.Base.Orientation, 3, 1, struct.pack("<HH", 6, 0))]
    notes = b"".join(struct.pack("<HHI", *entry[:3]) + entry[3] for entry in sorted(entries))
    odd = b"Exif\0\0II*\0" + struct.pack("<IH", 8, len(entries)) + notes + struct.pack("<I", 0)
    encoded = encode(drawn("JPEG", exif=odd), 1000)
    assert (encoded.width, encoded.height) == (40, 60)


@pytest.mark.parametrize("held", range(1, 9))
def test_a_picture_is_turned_as_its_note_says(held: int) -> None:
    notes = Image.Exif()
    notes[ExifTags.Base.Orientation] = held
    halves = Image.new("RGB", (64, 32), "white")
    halves.paste("black", (0, 0, 16, 16))
    file = BytesIO()
    halves.save(file, "JPEG", exif=notes)
    with Image.open(file) as lying, Image.open(BytesIO(encode(file, 1000).content)) as upright:
        meant = ImageOps.exif_transpose(lying)
        corners = [(4, 4), (-4, 4), (4, -4), (-4, -4)]
        seen = [[shown.convert("L").getpixel((x % shown.width, y % shown.height)) > 128 for x, y in corners]
                for shown in (meant, upright)]  # fmt: skip
    assert seen[0] == seen[1]


def test_what_hides_behind_a_picture_is_not_kept() -> None:
    file = BytesIO(drawn("PNG").getvalue() + b"<script>alert(1)</script>")
    assert b"<script>" not in encode(file, 1000).content


@pytest.mark.parametrize("size", [(8000, 6000), (12_000, 12_000), (60_000, 60_000)])
def test_decompression_bombs_are_refused_before_they_are_decoded(size: tuple[int, int]) -> None:
    with pytest.raises(BadPicture, match="too many pixels"):
        encode(a_bomb(*size), 1000)


def test_heavy_files_are_refused_unread() -> None:
    with pytest.raises(BadPicture, match="too heavy"):
        encode(drawn("PNG"), LARGEST_BYTES + 1)


@pytest.mark.parametrize(
    "file",
    [
        BytesIO(b""),
        BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        BytesIO(drawn("JPEG").getvalue()[:200]),
        a_bomb(3000, 3000),
        drawn("BMP"),
        BytesIO(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"),
    ],
)
def test_malformed_and_other_files_are_refused(file: BytesIO) -> None:
    with pytest.raises(BadPicture, match="cannot be read"):
        encode(file, 1000)


@given(st.binary(max_size=200), st.sampled_from(["JPEG", "PNG", "GIF", "WEBP"]), st.integers(8, 120))
def test_no_damaged_file_gets_further_than_a_refusal(noise: bytes, kind: str, place: int) -> None:
    whole = drawn(kind).getvalue()
    damaged = whole[:place] + noise + whole[place + len(noise) :]
    with suppress(BadPicture):
        encode(BytesIO(damaged), len(damaged))


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://www.youtube.com/watch?v=abc", "YouTube"),
        ("https://youtu.be/abc", "YouTube"),
        ("https://vimeo.com/1", "Vimeo"),
        ("javascript:alert(1)//vimeo.com/1", None),
        ("https://vimeo.com:444/1", None),
        ("https://vimeo.com.evil.example/1", None),
        ("//vimeo.com/1", None),
        ("https://vimeo.com/", None),
        ("https://vimeo.com:x/1", None),
    ],
)
def test_only_known_sites_are_videos(address: str, site: str | None) -> None:
    assert video_at(address) == (Video(address, site) if site else None)
