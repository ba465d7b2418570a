"""Cells of tables: no text is a formula of a spreadsheet, and each text is read again as it was."""
import pytest

from models.run_folder import cells, users_table

DANGEROUS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''-")
HARMLESS = ("", "A1", "'", "'A", " =1", "a=b", "5-3", "\u0444")


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_that_a_spreadsheet_would_execute_follows_an_apostrophe(text):
    assert cells.of_text(text) == "'" + text and cells.text_of(cells.of_text(text)) == text


@pytest.mark.parametrize("text", HARMLESS)
def test_any_other_text_is_unchanged(text):
    assert cells.of_text(text) == cells.text_of(text) == text


def test_numbers_are_unchanged():
    assert cells.of_text(-1) == -1 and cells.of_text(-.5) == -.5 and cells.text_of(None) is None


def test_the_table_of_the_map_holds_no_formula_and_is_read_as_it_was(tmp_path):
    rows = [users_table.Row(text, -1., 2., -3.5, 4., "1", text) for text in DANGEROUS + HARMLESS if "\r" not in text]
    content = users_table.text(rows)
    (tmp_path / "tsne.tsv").write_bytes(content.encode())
    assert users_table.load(str(tmp_path / "tsne.tsv")) == rows
    assert "'=1+1\t-1.0000\t2.0000\t-3.5000\t4.0000\t1\t'=1+1\n" in content
