"""The numbers of the pages as JSON, for programs. `openapi.py` describes the interface."""
import json

from flask import Blueprint, Response, get_template_attribute, request
from markupsafe import Markup

from flask_app.recommending import comparison, recommendation
from flask_app.recommending.cards import labels_of, shown_items
from flask_app.recommending.ranked_page import bought_items
from flask_app.recommending.recommendation import HIGHEST, LOWEST
from flask_app.recommending.viewer import SHOPPER, WHO, interests_of
from flask_app.recommending.viewer import shopper as shopper_viewer
from flask_app.views import openapi, request_data
from flask_app.views.arguments import argument, filters_of, page_of
from flask_app.views.request_data import find_item, find_shopper, model, store
from flask_app.web.render import item_title

blueprint = Blueprint("api", __name__, url_prefix="/api")


@blueprint.route("/shoppers/<id:user_id>/ranking")
def ranking(user_id):
    """A page of a shopper's ranked items with the reviews of the highest weights, and the reason of each in words."""
    shopper, aspects = find_shopper(user_id), request_data.aspects()
    viewer = shopper_viewer(model(), shopper, aspects)
    ranked = request_data.ranked(viewer, filters_of(request.args), page_of(request.args))
    highlighter = request_data.highlighter(shopper)
    shown = shown_items(store(), ranked, aspects, viewer.interests, highlighter)
    items = [dict(_item(card.item), place=position, reason=_sentence(card, shown),
                  **_summary(card.explanation, ranked.bought),
                  reviews=[_review(weighed, highlighter.can_be_similar, viewer.interests)
                           for weighed in card.explanation.top])
             for position, card in enumerate(shown.cards, ranked.first)]
    return _json({"shopper": shopper["user_id"], "page": ranked.page, "has_more": ranked.has_more,
                  "items": items})


@blueprint.route("/items/<id:item_id>/reviews")
def reviews(item_id):
    """All reviews of an item in the order of the shopper `for`."""
    item, shopper = find_item(item_id), find_shopper(argument("for"))
    explanation, = explanations = _explanations(item, [shopper])
    similar = request_data.highlighter(shopper).can_be_similar
    interests = interests_of(shopper["user"], request_data.aspects())
    return _json({"item": _item(item), "for": shopper["user_id"],
                  **_summary(explanation, bought_items(store(), explanations)),
                  "reviews": [_review(weighed, similar, interests) for weighed in explanation.reviews]})


@blueprint.route("/compare")
def compare():
    """The orders and weights of one item's reviews for two shoppers."""
    item = find_item(argument("item"))
    pair = request_data.pair(argument("for"), argument("beside"))
    explanations = _explanations(item, pair)
    compared = comparison.compare(*explanations)
    bought = bought_items(store(), explanations)
    orders = [{"shopper": shopper["user_id"], **_summary(explanation, bought),
               "order": [weighed.review["review"] for weighed in explanation.reviews],
               "weights": [weighed.weight for weighed in explanation.reviews]}
              for shopper, explanation in zip(pair, explanations)]
    return _json({"item": _item(item), "orders": orders, "same_order": compared.same_order,
                  "same_first": compared.same_first, "shared_top": compared.shared_top})


@blueprint.route("/openapi.json")
def description():
    """This interface, as an OpenAPI document."""
    return _json(openapi.document())


def _explanations(item, shoppers):
    return recommendation.explain(model(), [(shopper["user"], item["item"]) for shopper in shoppers],
                                  store().reviews_of_items([item["item"]]))


def _item(item):
    return {"id": item["item_id"], "title": item_title(item), "price": item["price"],
            "category": item["category"], "average_rating": item["rating_mean"],
            "ratings": item["rating_count"]}


def _summary(explanation, bought):
    return {"predicted_rating": min(max(explanation.rating, LOWEST), HIGHEST),
            "unlimited_rating": explanation.rating, "rating_without_reviews": explanation.base,
            "number_of_reviews": len(explanation.reviews), "top_share": explanation.top_share,
            "is_flat": explanation.is_flat, "why": _why(explanation.reasons, bought)}


def _sentence(card, shown):
    """The reason of a Card as the page tells it, plain text; '' where it tells none."""
    told = get_template_attribute("cards.html", "reason")(card, shown.names, shown.ranked.bought, shown.popularity,
                                                          WHO[SHOPPER], shown.ranked.evidence_alone)
    return Markup(told).striptags()


def _why(reasons, bought):
    """The score of an item and its parts; None where the export is ordered by stars."""
    return reasons and {
        "score": reasons.score,
        "parts": [part._asdict() for part in reasons.parts],
        "purchases": [{"item": bought[row]["item_id"], "part": part} for row, part in reasons.bought.items()],
        "review_shares": {str(review): share for review, share in reasons.review_shares.items()}}


def _review(weighed, similar, interests):
    """A review as JSON.

    Args:
      similar: whether it may be called similar to what the shopper writes.
      interests: {aspect: interest of the shopper}.
    """
    review = weighed.review
    reason = weighed.reason if similar else {"both": "useful", "personal": None}.get(weighed.reason, weighed.reason)
    return {"review": review["review"], "author": review["user_id"], "stars": review["rating"],
            "summary": review["summary"] or "", "text": review["text"],
            "weight": weighed.weight, "vote": weighed.vote, "reason": reason,
            "is_own": weighed.is_own,
            "aspects": [label._asdict() for label in labels_of(review["review"], request_data.aspects(), interests)]}


def _json(value):
    return Response(json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n",
                    content_type="application/json")
