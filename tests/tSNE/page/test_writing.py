"""Tests the page of the interactive map: it is one file that loads nothing, and of bounded size."""
import re

from tests.tSNE import planted_maps
from tSNE.page import content, writing

LIMIT = 8e6  # bytes of a page of 20,000 users


def page_of(**kwargs):
    return writing.page(content.of_maps(planted_maps.of(**kwargs)))


def test_the_page_names_no_address_and_loads_nothing():
    page = page_of().decode("utf-8")
    assert re.findall(r"(?:https?:)?//[a-z]", re.sub(r"(?m)^\s*//.*$", "", page)) == []
    assert not re.search(r"<(?:link|img|iframe|object|embed|base)\b|\bsrc=|@import|url\(", page)
    assert "default-src 'none'" in page


def test_no_text_of_a_user_ends_the_content():
    page = page_of().decode("utf-8")
    assert page.count("</script>") == 2 and page.count("<script") == 2
    assert "owned" in page and "<b>bold" not in page


def test_the_same_maps_give_the_same_page():
    assert page_of() == page_of()


def test_a_page_of_20000_users_with_long_texts_is_small():
    page = page_of(users=20000, groups=7, passage="naïve батарея " * 40)
    assert len(page) <= LIMIT
