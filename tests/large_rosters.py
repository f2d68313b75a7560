"""What the benches load: rosters of any size in the forms in which HR offices send them, and cohort files."""

from collections.abc import Iterator
from pathlib import Path

import xlsxwriter
import yaml

HEADER = ("社員番号", "氏名", "フリガナ", "メールアドレス", "部署", "グループ", "上司氏名", "上司メールアドレス")


def roster_rows(count: int, first: int = 0) -> Iterator[tuple[str, ...]]:
    """People with a department, a group of twelve and a boss for every eight of them."""
    for number in range(first, first + count):
        yield (
            f"{number:06}",
            f"髙橋 {number}",
            "タカハシ ケンイチ",
            f"e{number:06}@minato.example",
            f"製造部 {number % 40}課",
            f"{number // 12}班",
            f"上司 {number // 8}",
            f"b{number // 8:05}@minato.example",
        )


def write_csv(path: Path, count: int, first: int = 0) -> Path:
    """The people as CP932, as Excel in Japan saves it."""
    lines = [",".join(row) for row in (HEADER, *roster_rows(count, first))]
    path.write_text("\r\n".join(lines), encoding="cp932")
    return path


def write_workbook(path: Path, count: int) -> Path:
    """The people as .xlsx."""
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet("名簿")
        for row, cells in enumerate((HEADER, *roster_rows(count))):
            sheet.write_row(row, 0, cells)
    return path


def write_cohort(folder: Path, roster: Path, name: str = "第1回") -> Path:
    """A cohort file for a roster."""
    declared = {
        "organization": {"name": "みなと商事"},
        "cohort": {"name": name, "workshop_days": ["2027-02-03", "2027-02-04"], "roster": roster.name},
    }
    path = folder / f"{roster.stem}.yaml"
    path.write_text(yaml.safe_dump(declared, allow_unicode=True), encoding="utf-8")
    return path
