"""A roster as an .xlsx workbook: weighed first, then read by calamine, so that no file can exhaust the server."""

import re
import struct
import zipfile
import zlib
from datetime import date, time, timedelta
from io import BytesIO
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from trainer.cohorts.roster_file import RosterError
from trainer.cohorts.roster_sheet import SheetTooLargeError, weigh
from trainer.i18n import gettext as _

MAX_UNPACKED = 20 * 1024 * 1024
MAX_MEMBERS = 50

_ENTRY = b"PK\x01\x02"  # begins each entry of a zip's directory
# What calamine needs for the cells of a sheet. Pictures, charts, macros and other formats (.ods, .xlsb) stay behind.
_NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/_rels/workbook\.xml\.rels|xl/(workbook|sharedStrings|styles)\.xml"
    r"|xl/worksheets/[^/]+\.xml"
)
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    CalamineError,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,  # an encrypted member, or a way of packing that Python does not know
    ValueError,
)

Cell = int | float | str | bool | date | time | timedelta


def is_workbook(content: bytes) -> bool:
    """Whether the bytes are a zip, as every .xlsx is, whatever the file is called."""
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def read_workbook(content: bytes) -> tuple[list[list[str]], tuple[str, ...]]:
    """The cells of the first visible sheet as text, and warnings.

    Raises RosterError, before anything is unpacked, over 20 MB unpacked or 50 members; the sizes the file claims for
    itself are not believed.
    """
    try:
        members = _unpack(content)
        weigh(members, MAX_UNPACKED)
        return _read_first_sheet(_pack(members))
    except SheetTooLargeError as error:
        raise RosterError(
            _("The workbook's sheet is far larger than a roster can be. Copy the roster into a new workbook.")
        ) from error
    except _UNREADABLE as error:
        raise RosterError(
            _("The workbook cannot be read. Open it in Excel and save it again as .xlsx, without a password.")
        ) from error


def _unpack(content: bytes) -> dict[str, bytes]:
    if content.count(_ENTRY) > MAX_MEMBERS:  # counted before Python builds an object for each
        raise _too_large()
    with zipfile.ZipFile(BytesIO(content)) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_MEMBERS or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise _too_large()
        members: dict[str, bytes] = {}
        for entry in entries:
            if _NEEDED.fullmatch(entry.filename):
                members[entry.filename] = _read_member(archive, entry, MAX_UNPACKED - sum(map(len, members.values())))
    return members


def _read_member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    # Python unpacks only these two piece by piece; the others would be unpacked whole before they can be measured.
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile(entry.filename)
    with archive.open(entry) as member:
        text = member.read(room + 1)
    if len(text) > room:
        raise _too_large()
    return text


def _too_large() -> RosterError:
    return RosterError(
        _(
            "The workbook is refused: unpacked it is larger than 20 MB or has more than %(limit)s parts. "
            "Copy the roster into a new workbook.",
            limit=MAX_MEMBERS,
        )
    )


def _pack(members: dict[str, bytes]) -> BytesIO:
    """The same parts in a zip of our own making, so that calamine sees exactly what has been weighed."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    packed.seek(0)
    return packed


def _read_first_sheet(packed: BytesIO) -> tuple[list[list[str]], tuple[str, ...]]:
    workbook = CalamineWorkbook.from_filelike(packed)
    names = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
    if not names:
        raise RosterError(_("The workbook has no visible sheet. Put the roster on its first sheet."))
    cells = workbook.get_sheet_by_name(names[0]).to_python(skip_empty_area=False)
    warnings = [_("Of the workbook's sheets only “%(name)s” was read.", name=names[0])] if len(names) > 1 else []
    return [[_text(cell) for cell in row] for row in cells], tuple(warnings)


def _text(cell: Cell) -> str:
    """A cell as a person reads it: 12 for the number 12.0."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
