"""The JSON interface says what its description promises, and the same as the pages."""
import json
import re

import jsonschema
import pytest

from flask_app.views import openapi
from tests.flask_app.conftest import ITEMS, SHOPPERS
from tests.flask_app.reading import address


def documented():
    return {(path, method.upper()) for path, ways in openapi.document()["paths"].items()
            for method in ways}


def test_the_description_has_each_route_and_no_other(app):
    routes = {(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method)
              for rule in app.url_map.iter_rules() for method in rule.methods
              if rule.rule.startswith("/api/") or rule.rule.endswith("z")}
    assert {route for route in routes if route[1] not in ("HEAD", "OPTIONS")} == documented()


def test_the_description_is_served(client):
    answer = client.get("/api/openapi.json")
    assert answer.mimetype == "application/json" and answer.get_json() == openapi.document()


def schema(name):
    """A schema of the document as JSON Schema: `nullable` is OpenAPI's own word."""
    def plain(part):
        if isinstance(part, list):
            return [plain(one) for one in part]
        if not isinstance(part, dict):
            return part
        found = {key: plain(value) for key, value in part.items() if key != "nullable"}
        if part.get("nullable"):
            found["type"] = [part["type"], "null"]
        return found

    return plain(dict({"$ref": f"#/components/schemas/{name}"},
                      components=openapi.document()["components"]))


def checked(answer, name):
    """The JSON of an answer that fits a schema."""
    found = json.loads(answer.get_data(as_text=True))
    jsonschema.validate(found, schema(name))
    return found


@pytest.mark.parametrize("user", range(len(SHOPPERS)))
def test_the_ranking_is_the_model_s(client, planted, user):
    found = checked(client.get(f"/api{address('shoppers', SHOPPERS[user])}/ranking?owned=1"),
                    "Ranking")
    expected = planted.ranking(user, True)
    assert [item["id"] for item in found["items"]] == [ITEMS[item] for item in expected]
    assert [item["place"] for item in found["items"]] == list(range(1, len(expected) + 1))
    for item, number in zip(found["items"], expected):
        assert item["predicted_rating"] == pytest.approx(planted.rating(user, number), abs=1e-4)
        weights = list(planted.weights(user, number).items())[:3]
        assert [(one["review"], pytest.approx(one["weight"], abs=1e-4))
                for one in item["reviews"]] == weights


def test_all_reviews_add_up(client, planted):
    found = checked(client.get("/api/items/drum/reviews?for=ann"), "Reviews")
    assert [one["review"] for one in found["reviews"]] == list(planted.weights(0, 0))
    assert sum(one["weight"] for one in found["reviews"]) == pytest.approx(1, abs=1e-4)
    assert found["rating_without_reviews"] + sum(one["vote"] for one in found["reviews"]) == (
        pytest.approx(found["predicted_rating"], abs=1e-4))


def test_two_shoppers_are_compared(client, planted):
    found = checked(client.get("/api/compare?item=train&for=ann&beside=bob"), "Comparison")
    orders = [list(planted.weights(user, 5)) for user in (0, 1)]
    assert [order["order"] for order in found["orders"]] == orders
    assert found["same_order"] == (orders[0] == orders[1])
    assert found["shared_top"] == len(set(orders[0][:3]) & set(orders[1][:3]))
    checked(client.get("/api/compare?item=train"), "Comparison")


@pytest.mark.parametrize("path, status", [
    ("/api/shoppers/nobody/ranking", 404), ("/api/items/drum/reviews", 404),
    ("/api/items/nothing/reviews?for=ann", 404), ("/api/compare", 404), ("/api/nowhere", 404),
    ("/api/shoppers/ann/ranking?page=x", 400), ("/api/shoppers/ann/ranking?least=nan", 400),
    ("/api/shoppers/ann/ranking?most=-1", 400)])
def test_what_goes_wrong_is_a_problem(client, path, status):
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert checked(answer, "Problem")["status"] == status


def test_only_reading_is_possible(client):
    answer = client.post("/api/compare")
    assert answer.status_code == 405 and "GET" in answer.headers["Allow"]


def test_health_fits(client):
    for path in ("/healthz", "/readyz"):
        checked(client.get(path), "Status")
