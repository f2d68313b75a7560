"""The header of a roster: which column is which, in Japanese or English, in any order."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from trainer.cohorts.roster_file import RosterError
from trainer.i18n import gettext as _

REQUIRED = ("employee_number", "name", "email")

# The first two names of each field are the ones we show; compared by _key, so width, case and spaces do not matter.
_HEADERS = {
    "employee_number": "社員番号|Employee number|従業員番号|職員番号|社員No|従業員No|社員コード|従業員コード"
    "|社員ID|社番|Employee no|Employee ID|Staff number|Staff ID|Personnel number",
    "name": "氏名|Name|名前|姓名|社員名|従業員名|お名前|Full name|Employee name",
    "name_reading": "フリガナ|Name reading|ふりがな|カナ|かな|氏名カナ|氏名かな|カナ氏名|氏名フリガナ"
    "|氏名ふりがな|読み|よみ|読み仮名|よみがな|ヨミガナ|氏名(カナ)|氏名(かな)|氏名(フリガナ)|Reading|Kana|Furigana",
    "email": "メールアドレス|E-mail|メール|Eメール|Eメールアドレス|電子メール|電子メールアドレス"
    "|E-mail address|Mail|Mail address",
    "department": "部署|Department|所属|所属部署|部署名|部門|部門名|所属名|Dept",
    "group": "グループ|Group|班|班名|組|チーム|グループ名|Team",
    "boss_name": "上司氏名|Boss|上司|上司名|上司の氏名|上長|上長氏名|上長名|直属上司|Boss name"
    "|Supervisor|Supervisor name|Manager|Manager name",
    "boss_email": "上司メールアドレス|Boss e-mail|上司メール|上司のメールアドレス|上司E-mail"
    "|上長メールアドレス|上長メール|Boss e-mail address|Supervisor e-mail|Manager e-mail",
}
FIELDS = tuple(_HEADERS)


def find_columns(header: Sequence[str]) -> dict[str, int]:
    """Field -> position of its column; columns with other headers are left out.

    Raises RosterError for a header that stands twice, two headers that mean one field, and required ones that are
    missing.
    """
    _refuse_doubles([_key(cell) for cell in header], header)
    fields = [_FIELD_OF.get(_key(cell), "") for cell in header]
    _refuse_doubles(fields, header)
    missing = [_shown(field) for field in REQUIRED if field not in fields]
    if missing:
        raise RosterError(
            _(
                "The roster has no column for: %(columns)s. The first line must name the columns.",
                columns=", ".join(missing),
            )
        )
    return {field: position for position, field in enumerate(fields) if field}


def _key(header: str) -> str:
    return re.sub(r"[\s_.\-]", "", unicodedata.normalize("NFKC", header).casefold())


_FIELD_OF = {_key(header): field for field, headers in _HEADERS.items() for header in headers.split("|")}


def _refuse_doubles(keys: Sequence[str], header: Sequence[str]) -> None:
    columns = defaultdict[str, list[str]](list)
    for key, cell in zip(keys, header, strict=True):
        if key:
            columns[key].append(f"“{cell.strip()}”")
    doubles = [", ".join(cells) for cells in columns.values() if len(cells) > 1]
    if doubles:
        raise RosterError(
            _("These columns of the roster mean the same: %(columns)s. Keep one of them.", columns=doubles[0])
        )


def _shown(field: str) -> str:
    """A field's header in both languages: who reads the sentence may have either file open."""
    japanese, english, *_others = _HEADERS[field].split("|")
    return f"{japanese} ({english})"
