"""The OpenAPI 3 document of the shop's JSON interface."""

from flask_app.storage.aspects import POLARITIES

_ADDRESS = "#/components/schemas/"


def document():
    """The document as dictionaries and lists."""
    return {
        "openapi": "3.0.3",
        "info": {"title": "Explainable RecSys", "version": "1",
                 "description": "Ranked items for a shopper, and the reviews with the highest weights for them. "
                                "Read-only; nothing is stored."},
        "paths": {
            "/api/shoppers/{user_id}/ranking": _get(
                "A page of a shopper's ranked items with the top reviews", "Ranking",
                [_in_path("user_id"), _query("page", "integer", "from 1"),
                 _query("owned", "string", "1: with the items the shopper has reviewed"),
                 _query("order", "string", "reviews: ordered by what the reviews say alone"),
                 _query("category", "string", "a category's path, or the beginning of one"),
                 _query("least", "number", "price from"), _query("most", "number", "price to"),
                 _query("title", "string", "words of the title; the first six are used")]),
            "/api/items/{item_id}/reviews": _get(
                "All reviews of an item in a shopper's order", "Reviews",
                [_in_path("item_id"), _query("for", "string", "the shopper's id", True)]),
            "/api/compare": _get(
                "One item for two shoppers", "Comparison",
                [_query("item", "string", "the item's id", True),
                 _query("for", "string", "a shopper's id; without it, a shopper is suggested"),
                 _query("beside", "string", "another shopper's id; likewise")]),
            "/api/openapi.json": _get("This document", None, []),
            "/healthz": _health("200 as long as the shop runs", "Status", ("200",)),
            "/readyz": _health("200 where the pages can be answered, else 503; names run and version", "Readiness",
                               ("200", "503")),
        },
        "components": {"schemas": _schemas()},
    }


def _health(summary, schema, statuses):
    """The description of a health check. Its answers with any of the statuses are JSON objects of one schema."""
    answer = {"description": "The state", "content": {"application/json": {"schema": _ref(schema)}}}
    return {"get": {"summary": summary, "parameters": [], "responses": dict.fromkeys(statuses, answer)}}


def _get(summary, schema, parameters):
    content = {"schema": _ref(schema) if schema else {"type": "object"}}
    problem = {"content": {"application/problem+json": {"schema": {"$ref": _ADDRESS + "Problem"}}}}
    answers = {"200": dict(description="The answer", content={"application/json": content})}
    for status, description in (
            ("400", "A parameter has a value that is not allowed"), ("404", "No such shopper or item"),
            ("429", "Too many rankings with filters from one address"),
            ("503", "Model server or catalogue does not answer, or they do not match")):
        answers[status] = dict(problem, description=description)
    return {"get": {"summary": summary, "parameters": parameters, "responses": answers}}


def _in_path(name):
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"},
            "description": "the raw data's id, percent-encoded"}


def _query(name, kind, description, required=False):
    return {"name": name, "in": "query", "required": required, "schema": {"type": kind},
            "description": description}


def _object(**properties):
    """An object that has all of these properties and no others."""
    return {"type": "object", "properties": properties, "required": sorted(properties),
            "additionalProperties": False}


def _ref(name):
    return {"$ref": _ADDRESS + name}


def _list(items):
    return {"type": "array", "items": items}


def _or_null(kind):
    return {"type": kind, "nullable": True}


def _why(text, number, share):
    part = _object(kind=dict(text, enum=["reviews", "purchases", "popularity"]), part=number, share=share)
    return dict(_object(score=number, parts=_list(part), purchases=_list(_object(item=text, part=number)),
                        review_shares={"type": "object", "additionalProperties": share}), nullable=True)


def _schemas():
    text, integer, number, boolean = ({"type": kind} for kind in ("string", "integer", "number", "boolean"))
    share = {"type": "number", "minimum": 0, "maximum": 1}
    about_item = dict(id=text, title=text, price=_or_null("number"), category=_or_null("string"),
                      average_rating=_or_null("number"), ratings=integer)
    summary = dict(predicted_rating={"type": "number", "minimum": 1, "maximum": 5}, unlimited_rating=number,
                   rating_without_reviews=number,
                   number_of_reviews=integer, top_share=number, is_flat=boolean,
                   why=_why(text, number, share))
    reason = {"type": "string", "nullable": True, "enum": ["personal", "useful", "both", None]}
    return {
        "Item": _object(**about_item),
        "Review": _object(review=integer, author=text, stars=number, summary=text, text=text,
                          weight=share, vote=number, reason=reason, is_own=boolean,
                          aspects=_list(_object(code=text, name=text, is_mine=boolean, polarity=dict(
                              text, enum=list(POLARITIES))))),
        "Ranking": _object(shopper=text, page=integer, has_more=boolean, items=_list(_object(
            place=integer, reason=text, reviews=_list(_ref("Review")), **about_item, **summary))),
        "Reviews": _object(item=_ref("Item"), reviews=_list(_ref("Review")), **summary,
                           **{"for": text}),
        "Comparison": _object(
            item=_ref("Item"), same_order=boolean, same_first=boolean, shared_top=integer,
            orders=_list(_object(shopper=text, order=_list(integer), weights=_list(share),
                                 **summary))),
        "Status": _object(status=text),
        "Readiness": _object(status=text, run=_or_null("string"), version=_or_null("string")),
        "Problem": _object(type=text, title=text, status=integer, detail=text),
    }
