"""The OpenAPI 3 document of the shop's JSON interface."""

_ADDRESS = "#/components/schemas/"


def document():
    """The document, as what JSON is made of."""
    return {
        "openapi": "3.0.3",
        "info": {"title": "Explainable RecSys", "version": "1",
                 "description": "Ranked items for a shopper, and the reviews that matter to them. "
                                "Reads only; nothing is stored."},
        "paths": {
            "/api/shoppers/{user_id}/ranking": _get(
                "A page of a shopper's ranked items with the top reviews", "Ranking",
                [_in_path("user_id"), _query("page", "integer", "from 1"),
                 _query("owned", "string", "1: with the items the shopper has reviewed"),
                 _query("category", "string", "a category's path, or the beginning of one"),
                 _query("least", "number", "price from"), _query("most", "number", "price to"),
                 _query("title", "string", "words of the title")]),
            "/api/items/{item_id}/reviews": _get(
                "All reviews of an item in a shopper's order", "Reviews",
                [_in_path("item_id"), _query("for", "string", "the shopper's id", True)]),
            "/api/compare": _get(
                "One item for two shoppers", "Comparison",
                [_query("item", "string", "the item's id", True),
                 _query("for", "string", "a shopper's id; without it one is suggested"),
                 _query("beside", "string", "another's; likewise")]),
            "/api/openapi.json": _get("This document", None, []),
            "/healthz": _get("200 as long as the shop lives", "Status", []),
            "/readyz": _get("200 when the pages can be made, else 503", "Status", []),
        },
        "components": {"schemas": _schemas()},
    }


def _get(summary, schema, parameters):
    content = {"schema": {"$ref": _ADDRESS + schema} if schema else {"type": "object"}}
    problem = {"content": {"application/problem+json": {"schema": {"$ref": _ADDRESS + "Problem"}}}}
    answers = {"200": dict(description="The answer", content={"application/json": content})}
    for status, why in (("400", "A parameter makes no sense"), ("404", "No such shopper or item"),
                        ("503", "Model server or catalogue cannot be reached, or do not fit")):
        answers[status] = dict(problem, description=why)
    return {"get": {"summary": summary, "parameters": parameters, "responses": answers}}


def _in_path(name):
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"},
            "description": "the raw data's id, percent-encoded"}


def _query(name, kind, description, required=False):
    return {"name": name, "in": "query", "required": required, "schema": {"type": kind},
            "description": description}


def _object(**properties):
    """A closed object whose properties are all there."""
    return {"type": "object", "properties": properties, "required": sorted(properties),
            "additionalProperties": False}


def _ref(name):
    return {"$ref": _ADDRESS + name}


def _list(items):
    return {"type": "array", "items": items}


def _or_null(kind):
    return {"type": kind, "nullable": True}


def _schemas():
    text, whole, number, truth = ({"type": kind} for kind in ("string", "integer", "number",
                                                              "boolean"))
    share = {"type": "number", "minimum": 0, "maximum": 1}
    about_item = dict(id=text, title=text, price=_or_null("number"), category=_or_null("string"),
                      average_rating=_or_null("number"), ratings=whole)
    summary = dict(predicted_rating=number, rating_without_reviews=number,
                   number_of_reviews=whole, top_share=number, is_flat=truth)
    reason = {"type": "string", "nullable": True, "enum": ["personal", "useful", "both", None]}
    return {
        "Item": _object(**about_item),
        "Review": _object(review=whole, author=text, stars=number, summary=text, text=text,
                          weight=share, vote=number, reason=reason, is_own=truth),
        "Ranking": _object(shopper=text, page=whole, has_more=truth, items=_list(_object(
            place=whole, reviews=_list(_ref("Review")), **about_item, **summary))),
        "Reviews": _object(item=_ref("Item"), reviews=_list(_ref("Review")), **summary,
                           **{"for": text}),
        "Comparison": _object(
            item=_ref("Item"), same_order=truth, same_first=truth, shared_top=whole,
            orders=_list(_object(shopper=text, order=_list(whole), weights=_list(share),
                                 **summary))),
        "Status": _object(status=text),
        "Problem": _object(type=text, title=text, status=whole, detail=text),
    }
