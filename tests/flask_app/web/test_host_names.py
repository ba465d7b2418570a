"""Names of the shop: other ones are refused if names are given; a redirect never leaves this host."""
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flask_app.application import create_app
from flask_app.web.headers import relative
from flask_app.web.host_names import host_of


@pytest.mark.parametrize("path", ["/static//shop.css", "//static/shop.css", "/static//evil.example/..", "/items//"])
def test_no_redirect_leaves_the_host_that_the_client_chose(app, path):
    answer = app.test_client().get(path, headers={"Host": "evil.example"})
    location = answer.headers.get("Location")
    assert location is None or location.startswith("/") and not location.startswith(("//", "/\\"))


@given(scheme=st.sampled_from(["", "http:", "https:"]), slashes=st.integers(0, 5), rest=st.text())
def test_a_location_is_always_a_path_of_this_host(scheme, slashes, rest):
    try:
        location = relative(scheme + "/" * slashes + rest)
    except ValueError:
        return  # not an address
    assert location.startswith("/") and location[1:2] not in ("/", "\\")


def test_only_the_given_names_are_answered_and_probes_always(catalogue_path):
    client = create_app(catalogue_path=catalogue_path, host_names=["shop.example", "::1"]).test_client()
    for host, status in (("shop.example", 200), ("SHOP.example:5000", 200), ("[::1]:5000", 200),
                         ("evil.example", 400), ("shop.example.evil.example", 400), ("evil.example:shop.example", 400)):
        assert client.get("/about", headers={"Host": host}).status_code == status, host
        assert client.get("/healthz", headers={"Host": host}).status_code == 200


@given(st.text())
def test_any_header_has_a_name_or_none(header):
    assert isinstance(host_of(header), str)
