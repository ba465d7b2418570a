"""The JSON interface matches its OpenAPI document, and holds the numbers of the model."""
import json
import os
import re
import shutil

import jsonschema
import pytest

from flask_app.application import create_app
from flask_app.views import openapi
from tests.flask_app.reading import address
from tests.flask_app.tiny_catalogue import ITEMS, SHOPPERS


def documented():
    """{(path, method)} of the OpenAPI document."""
    return {(path, method.upper()) for path, methods in openapi.document()["paths"].items()
            for method in methods}


def test_the_document_describes_each_route_and_no_other(app):
    routes = {(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method)
              for rule in app.url_map.iter_rules() for method in rule.methods
              if rule.rule.startswith("/api/") or rule.rule.endswith("z")}
    assert {route for route in routes if route[1] not in ("HEAD", "OPTIONS")} == documented()


def test_the_document_is_served(client):
    answer = client.get("/api/openapi.json")
    assert answer.mimetype == "application/json" and answer.get_json() == openapi.document()


def schema(name):
    """A schema of the document as JSON Schema, which does not know OpenAPI's `nullable`."""
    def plain(part):
        if isinstance(part, list):
            return [plain(entry) for entry in part]
        if not isinstance(part, dict):
            return part
        converted = {key: plain(value) for key, value in part.items() if key != "nullable"}
        if part.get("nullable"):
            converted["type"] = [part["type"], "null"]
        return converted

    return plain(dict({"$ref": f"#/components/schemas/{name}"},
                      components=openapi.document()["components"]))


def checked(answer, name):
    """The JSON of an answer; fails where it does not match the schema."""
    content = json.loads(answer.get_data(as_text=True))
    jsonschema.validate(content, schema(name))
    return content


@pytest.mark.parametrize("user", range(len(SHOPPERS)))
def test_the_ranking_is_that_of_the_model(client, planted, user):
    answer = checked(client.get(f"/api{address('shoppers', SHOPPERS[user])}/ranking?owned=1"), "Ranking")
    expected = planted.ranking(user, True)
    assert [item["id"] for item in answer["items"]] == [ITEMS[item] for item in expected]
    assert [item["place"] for item in answer["items"]] == list(range(1, len(expected) + 1))
    for item, number in zip(answer["items"], expected):
        assert item["predicted_rating"] == pytest.approx(min(max(planted.rating(user, number), 1), 5), abs=1e-4)
        weights = list(planted.weights(user, number).items())[:3]
        assert [(review["review"], pytest.approx(review["weight"], abs=1e-4))
                for review in item["reviews"]] == weights


def test_votes_add_up_to_the_rating(client, planted):
    answer = checked(client.get("/api/items/drum/reviews?for=ann"), "Reviews")
    assert [review["review"] for review in answer["reviews"]] == list(planted.weights(0, 0))
    assert sum(review["weight"] for review in answer["reviews"]) == pytest.approx(1, abs=1e-4)
    assert answer["rating_without_reviews"] + sum(review["vote"] for review in answer["reviews"]) == (
        pytest.approx(answer["unlimited_rating"], abs=1e-4))
    assert answer["predicted_rating"] == min(max(answer["unlimited_rating"], 1), 5)


def test_two_shoppers_are_compared(client, planted):
    answer = checked(client.get("/api/compare?item=train&for=ann&beside=bob"), "Comparison")
    orders = [list(planted.weights(user, 5)) for user in (0, 1)]
    assert [order["order"] for order in answer["orders"]] == orders
    assert answer["same_order"] == (orders[0] == orders[1])
    assert answer["shared_top"] == len(set(orders[0][:3]) & set(orders[1][:3]))
    checked(client.get("/api/compare?item=train"), "Comparison")


@pytest.mark.parametrize("path, status", [
    ("/api/shoppers/nobody/ranking", 404), ("/api/items/drum/reviews", 404),
    ("/api/items/nothing/reviews?for=ann", 404), ("/api/compare", 404), ("/api/nowhere", 404),
    ("/api/shoppers/ann/ranking?page=x", 400), ("/api/shoppers/ann/ranking?least=nan", 400),
    ("/api/shoppers/ann/ranking?most=-1", 400)])
def test_errors_are_problem_documents(client, path, status):
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert checked(answer, "Problem")["status"] == status


def test_the_interface_is_read_only(client):
    answer = client.post("/api/compare")
    assert answer.status_code == 405 and "GET" in answer.headers["Allow"]


def test_health_checks_match_their_schema(client):
    checked(client.get("/healthz"), "Status")
    assert checked(client.get("/readyz"), "Readiness")["version"] == "3"


@pytest.mark.parametrize("damage", [os.remove, lambda path: os.truncate(path, 999)], ids=["removed", "damaged"])
def test_a_shop_that_is_not_ready_answers_as_its_document_says(server, catalogue_path, tmp_path, damage, caplog):
    path = str(tmp_path / "catalogue.sqlite")
    shutil.copy(catalogue_path, path)
    alone = create_app(server_url="http://127.0.0.1:9", catalogue_path=path).test_client()
    client = create_app(server_url=server.rest_url, catalogue_path=path).test_client()
    unready(alone, "the model server is not ready", None)
    assert client.get("/readyz").status_code == 200
    damage(path)
    unready(client, "the catalogue cannot be read", "3")
    assert "catalogue: " in caplog.text
    unready(alone, "the catalogue cannot be read", None)


def unready(client, status, version):
    answer = client.get("/readyz")
    content, = openapi.document()["paths"]["/readyz"]["get"]["responses"]["503"]["content"].items()
    assert (answer.status_code, answer.mimetype) == (503, content[0])
    name = content[1]["schema"]["$ref"].rpartition("/")[2]
    assert checked(answer, name) == {"status": status, "run": None, "version": version}


def test_the_document_promises_no_status_that_a_health_check_never_has():
    paths = openapi.document()["paths"]
    assert set(paths["/healthz"]["get"]["responses"]) == {"200"}
    assert set(paths["/readyz"]["get"]["responses"]) == {"200", "503"}
    assert set(paths["/api/compare"]["get"]["responses"]) == {"200", "400", "404", "429", "503"}
