"""What is kept of a photo or paper is what is seen in it, and nothing else; all other content is refused."""

import io
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    TextStringObject,
)

from domain.errors import HuiyinError
from services.files import making, papers, pictures
from services.files.kinds import HEIC, JPEG, PDF, PNG, kind_of
from services.files.making import Made, made_of, make_over
from services.files.making_process import answer
from services.files.problems import FileDamaged, FileKindNotTaken
from tests.support.files import WHERE, paper, photo, photo_heic, written

ONE_PIXEL_GIF = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")


def made(raw: bytes, *, keep_position: bool = False) -> Made:
    """As make_over, without its process."""
    return made_of(*answer(raw, keep_position=keep_position))


def refused(raw: bytes) -> str:
    with pytest.raises(HuiyinError) as found:
        made(raw)
    return found.value.code


def named(**entries: Any) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{name}"): value for name, value in entries.items()})


# -- pictures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "kept"), [("JPEG", JPEG), ("WEBP", JPEG), ("PNG", PNG)])
def test_given_a_picture_then_only_its_pixels_are_kept(form: str, kept: str) -> None:
    raw = photo(form, **({"comment": WHERE.encode()} if form == "JPEG" else {}))
    assert WHERE.encode() in raw
    found = made(raw)
    assert (found.media_type, kind_of(found.content), found.width, found.height) == (kept, kept, 64, 48)
    picture = Image.open(io.BytesIO(found.content))
    assert not picture.getexif()
    assert WHERE.encode() not in found.content + (found.preview or b"")
    assert b"Exif" not in found.content


def test_given_a_phones_heic_picture_then_it_is_kept_as_a_jpeg_of_its_pixels() -> None:
    raw = photo_heic()
    assert (kind_of(raw), WHERE.encode() in raw) == (HEIC, True)
    found = made(raw)
    assert (found.media_type, found.width, found.height) == (JPEG, 64, 48)
    assert WHERE.encode() not in found.content
    assert b"Exif" not in found.content


def test_given_a_picture_taken_on_its_side_then_it_is_kept_upright() -> None:
    image = Image.new("RGB", (40, 20), "black")
    image.paste("white", (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    found = made(written(image, "JPEG", exif=exif))
    assert (found.width, found.height) == (20, 40)
    upright = Image.open(io.BytesIO(found.content)).convert("L")
    assert upright.getpixel((10, 5)) > 200  # type: ignore[operator]
    assert upright.getpixel((10, 35)) < 50  # type: ignore[operator]


def test_given_that_the_position_is_to_be_kept_then_it_is_and_nothing_else_of_where_and_who() -> None:
    exif = Image.open(io.BytesIO(made(photo(), keep_position=True).content)).getexif()
    assert exif.get_ifd(0x8825) == {1: "N", 2: (25.0, 3.0, 4.5), 3: "E", 4: (117.0, 1.0, 2.0)}
    assert WHERE not in str(dict(exif))


def test_given_a_large_picture_then_it_is_made_no_larger_than_an_eye_needs_with_a_small_preview() -> None:
    found = made(photo(size=(4_400, 2_200)))
    assert (found.width, found.height) == (4_000, 2_000)
    assert found.preview is not None
    assert max(Image.open(io.BytesIO(found.preview)).size) == pictures.PREVIEW_EDGE


def test_given_a_transparent_picture_then_it_stays_so_and_its_preview_is_on_white() -> None:
    found = made(written(Image.new("RGBA", (10, 10), (9, 9, 9, 0)), "PNG"))
    assert Image.open(io.BytesIO(found.content)).mode == "RGBA"
    preview = Image.open(io.BytesIO(found.preview or b""))
    assert preview.convert("L").getextrema()[0] > 250  # type: ignore[operator]


@pytest.mark.parametrize("head", [b"heic", b"heix", b"mif1"])
def test_given_the_first_bytes_of_a_phones_picture_then_it_is_known(head: bytes) -> None:
    assert kind_of(b"\0\0\0\x18ftyp" + head + b"\0\0\0\0") == HEIC


def test_given_a_bomb_of_pixels_then_it_is_refused_before_one_is_decoded() -> None:
    bomb = written(Image.new("1", (20_000, 20_000)), "PNG")
    assert len(bomb) < 100_000
    assert refused(bomb) == "picture-too-large"


def test_given_moving_pictures_then_they_are_refused() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    for form in ("WEBP", "PNG"):
        assert refused(written(frames[0], form, save_all=True, append_images=frames[1:])) == "picture-moves"


@pytest.mark.parametrize(
    "raw",
    [
        ONE_PIXEL_GIF, b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html><script>1</script>",
        b"PK\x03\x04" + b"0" * 60, b"MZ\x90\x00", b"\x00", b"BM" + b"0" * 60, b"II*\x00" + b"0" * 60,
        b"\0\0\0\x18ftypavif", b" %PDF-1.7",
    ],
    ids=["gif", "svg", "html", "zip", "exe", "nul", "bmp", "tiff", "avif", "late pdf"],
)  # fmt: skip
def test_given_any_other_content_then_it_is_not_taken(raw: bytes) -> None:
    assert refused(raw) == "file-kind-not-taken"


@pytest.mark.parametrize("raw", [photo()[:300], b"\xff\xd8\xff" + b"<script>" * 40, b"%PDF-1.7 nothing", paper()[:200]])
def test_given_half_a_file_or_something_in_its_clothes_then_it_is_damaged(raw: bytes) -> None:
    assert refused(raw) == "file-damaged"


def test_given_a_picture_with_a_page_of_html_behind_it_then_the_page_is_gone() -> None:
    assert b"<script>" not in made(photo() + b"<html><script>alert(1)</script>").content


# -- papers -----------------------------------------------------------------------------------------------------------


def test_given_a_paper_then_its_pages_are_kept_without_who_wrote_it() -> None:
    raw = paper()
    assert WHERE.encode() in raw
    found = made(raw)
    assert (found.media_type, found.preview, kind_of(found.content)) == (PDF, None, PDF)
    assert WHERE.encode() not in found.content
    reader = PdfReader(io.BytesIO(found.content))
    assert len(reader.pages) == 1
    assert not (reader.metadata or {}).keys() - {"/Producer"}


def test_given_a_photo_on_a_page_then_it_stays_without_where_it_was_taken() -> None:
    raw = paper(image=photo())
    assert raw.count(WHERE.encode()) == 2  # in the photo, and who wrote the paper
    (shown,) = PdfReader(io.BytesIO(made(raw).content)).pages[0].images
    assert shown.image is not None
    assert shown.image.size == (64, 48)
    assert WHERE.encode() not in made(raw).content


SCRIPT = named(S=NameObject("/JavaScript"), JS=TextStringObject("app.alert(1)"))
LAUNCH = named(S=NameObject("/Launch"), F=TextStringObject("cmd.exe"))


@pytest.mark.parametrize(
    "root",
    [
        {NameObject("/OpenAction"): SCRIPT},
        {NameObject("/OpenAction"): LAUNCH},
        {NameObject("/AA"): named(WC=SCRIPT)},
        {NameObject("/AcroForm"): named(XFA=ArrayObject([TextStringObject("x")]))},
        {NameObject("/Names"): named(JavaScript=named(Names=ArrayObject([TextStringObject("a"), SCRIPT])))},
        {NameObject("/OpenAction"): named(S=NameObject("/SubmitForm"), F=TextStringObject("http://x.example"))},
    ],
    ids=["script", "launch", "script at the end", "live form", "named script", "sends a form"],
)
def test_given_a_paper_that_acts_then_it_is_refused(root: dict[str, Any]) -> None:
    assert refused(paper(root)) == "paper-acts"


def test_given_a_paper_that_carries_a_file_or_is_locked_then_it_is_refused() -> None:
    assert refused(paper(add_attachment=("x.exe", b"MZ"))) == "paper-acts"
    assert refused(paper(encrypt=("secret",))) == "paper-locked"


def test_given_links_and_notes_then_they_do_not_lead_anywhere_any_more() -> None:
    rectangle = ArrayObject([FloatObject(0), FloatObject(0), FloatObject(9), FloatObject(9)])
    found = made(paper(add_uri=(0, f"http://x.example/{WHERE}", rectangle)))
    assert WHERE.encode() not in found.content
    assert b"x.example" not in found.content


def test_given_a_paper_of_too_many_pages_then_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "MOST_PAGES", 0)
    with pytest.raises(pictures.Refused, match="paper-too-long"):
        papers.made_over(paper())


# -- the process ------------------------------------------------------------------------------------------------------


def test_given_a_process_of_its_own_then_it_does_the_same() -> None:
    raw = photo()
    assert make_over(raw, keep_position=False) == made(raw)
    with pytest.raises(FileKindNotTaken):
        make_over(ONE_PIXEL_GIF, keep_position=False)


def test_given_a_decoder_that_dies_then_the_file_is_damaged_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "_KEPT", ())
    monkeypatch.setattr(making.sys, "executable", "/bin/false")
    with pytest.raises(FileDamaged):
        make_over(photo(), keep_position=False)
