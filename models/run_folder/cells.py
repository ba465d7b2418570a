"""Texts as cells of tables that people open in spreadsheets: a text that a spreadsheet would execute is not one there.

Spreadsheets take a cell that begins with one of DANGEROUS as a formula, and ids and reviews are written by strangers.
An apostrophe before it makes it a text (OWASP, "CSV Injection"). A text of apostrophes and then one of DANGEROUS gets
one more apostrophe, so that each text can be read again from its cell.
"""
import re

DANGEROUS = "=+-@\t\r"
_FORMULA = re.compile(f"'*[{re.escape(DANGEROUS)}]")


def of_text(value):
    """The cell of a value: a text that would be a formula after an apostrophe; any other value unchanged."""
    return "'" + value if isinstance(value, str) and _FORMULA.match(value) else value


def text_of(cell):
    """The text of a cell that `of_text` made; None, where a line has too few cells, is None."""
    return cell[1:] if cell and cell[0] == "'" and _FORMULA.match(cell) else cell
