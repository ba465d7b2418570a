"""The shop for programs: the numbers of the pages as JSON. Described by `openapi.py`."""
import json

from flask import Blueprint, Response, request

from flask_app.recommending import comparison, recommendation
from flask_app.recommending import ranked_page as shelf
from flask_app.views import request_data as resources
from flask_app.views.request_data import argument, find_item, find_shopper, model, store
from flask_app.views import openapi
from flask_app.web.render import item_title, plain

blueprint = Blueprint("api", __name__, url_prefix="/api")


@blueprint.route("/shoppers/<id:user_id>/ranking")
def ranking(user_id):
    """A page of a shopper's ranked items with the reviews that matter most."""
    who = find_shopper(user_id)
    shown = shelf.fill(store(), recommendation.Shopper(model(), who["user"]),
                       shelf.filters_of(request.args), shelf.page_of(request.args))
    return _json({"shopper": who["user_id"], "page": shown.page, "has_more": shown.has_more,
                  "items": [dict(_item(item), place=place, **_summary(view), reviews=[
                      _review(weighed) for weighed in view.top])
                            for place, (item, view) in enumerate(shown.entries, shown.first)]})


@blueprint.route("/items/<id:item_id>/reviews")
def reviews(item_id):
    """All reviews of an item in the order of the shopper `for`."""
    what, who = find_item(item_id), find_shopper(argument("for"))
    view, = _views(what, [who])
    return _json({"item": _item(what), "for": who["user_id"], **_summary(view),
                  "reviews": [_review(weighed) for weighed in view.reviews]})


@blueprint.route("/compare")
def compare():
    """One item for two shoppers: what each gives the reviews."""
    what = find_item(argument("item"))
    both = resources.pair(argument("for"), argument("beside"))
    views = _views(what, both)
    found = comparison.compare(*views)
    orders = [{"shopper": who["user_id"], **_summary(view),
               "order": [weighed.review["review"] for weighed in view.reviews],
               "weights": [weighed.weight for weighed in view.reviews]}
              for who, view in zip(both, views)]
    return _json({"item": _item(what), "orders": orders, "same_order": found.same_order,
                  "same_first": found.same_first, "shared_top": found.shared_top})


@blueprint.route("/openapi.json")
def description():
    """This interface, as an OpenAPI document."""
    return _json(openapi.document())


def _views(what, shoppers):
    return recommendation.explain(model(), [(who["user"], what["item"]) for who in shoppers],
                                  store().reviews_of_items([what["item"]]))


def _item(item):
    return {"id": item["item_id"], "title": item_title(item), "price": item["price"],
            "category": item["category"], "average_rating": item["rating_mean"],
            "ratings": item["rating_count"]}


def _summary(view):
    return {"predicted_rating": view.rating, "rating_without_reviews": view.base,
            "number_of_reviews": len(view.reviews), "top_share": view.top_share,
            "is_flat": view.is_flat}


def _review(weighed):
    review = weighed.review
    return {"review": review["review"], "author": review["user_id"], "stars": review["rating"],
            "summary": plain(review["summary"]), "text": plain(review["text"]),
            "weight": weighed.weight, "vote": weighed.vote, "reason": weighed.reason,
            "is_own": weighed.is_own}


def _json(value):
    return Response(json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n",
                    content_type="application/json")
