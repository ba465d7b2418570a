"""Tables as CSV: no text is a formula of a spreadsheet, numbers are unchanged, and the shop reads the same texts."""
import csv
import io
import json

import numpy as np

from models.run_folder import users_report
from user_modeling.user_report import tables

IDS = ["=cmd|' /C calc'!A0", "+a", "-b", "@c", "\td", "'=f", "plain"]  # ids hold no "\r"


def test_texts_are_no_formulas_and_numbers_are_unchanged():
    text = tables.as_csv({"user_id": IDS, "count": np.arange(7) - 4, "score": [-.5, np.nan] + [1.] * 5})
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert [row[0] for row in rows[1:]] == ["'" + name for name in IDS[:-1]] + ["plain"]
    assert [row[1] for row in rows[1:]] == [str(count) for count in range(-4, 3)]
    assert [row[2] for row in rows[1:3]] == ["-0.5", ""]


def test_the_shop_reads_the_ids_and_names_as_they_were(tmp_path):
    folder = tmp_path / "users"
    folder.mkdir()
    record = {"format": users_report.FORMAT, users_report.DATA: "of these"}
    for path in (tmp_path / "config.json", folder / users_report.RECORD):
        path.write_text(json.dumps(record))
    count = len(IDS)
    for name, columns in (("users", {"user_id": IDS, "group_name": IDS[::-1]}),
                          ("neighbours", {"user_id": IDS, "neighbour_id": IDS[::-1], "likeness": [-.5] * count,
                                          "above": [.5] * count})):
        with open(users_report.table(str(folder), name), "w", encoding="utf-8", newline="") as out:
            out.write(tables.as_csv(columns))
    told = users_report.load(str(tmp_path))
    assert list(told) == IDS and [one.group_name for one in told.values()] == IDS[::-1]
    assert [one.nearest[0].user_id for one in told.values()] == IDS[::-1]
