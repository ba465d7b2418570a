"""The start page, with its proof that pages are personal, and the search for items."""
from typing import NamedTuple

from flask import Blueprint, current_app, render_template, request

from flask_app.recommending import recommendation
from flask_app.recommending.recommendation import MismatchError
from flask_app.recommending.viewer import Tastes
from flask_app.storage import measurements
from flask_app.storage.store import SEARCH_LIMIT
from flask_app.views import request_data, viewers
from flask_app.views.arguments import QUERY_LIMIT, argument
from flask_app.views.request_data import aspects, model, store
from runtime.cli import log
from serving.errors import ModelServerError

TRIED = 3  # much reviewed items among which one is chosen as the proof

blueprint = Blueprint("start", __name__)


class Proof(NamedTuple):
    """One item for two shoppers."""
    item: object  # the catalogue's row
    sides: tuple  # of (row of a shopper, WeighedReview that comes first for them)


def page(query, results):
    """The start page; `query` and `results` are those of a search for shoppers."""
    return render_template(
        "start.html", query=query, results=results, limit=SEARCH_LIMIT, suggestions=request_data.suggestions(),
        aspects=aspects(), chosen=Tastes(), proof=None if query else _proof(),
        overlap=measurements.overlap(current_app.config["RUN_FOLDER"]))


@blueprint.route("/search")
def search():
    """Items by title and by words of their reviews."""
    query = argument("q", QUERY_LIMIT).strip()
    results = store().items_with(query) if query else []
    return render_template("search.html", query=query, results=results, limit=SEARCH_LIMIT,
                           keep=viewers.kept(request.args))


def _proof():
    """The Proof of the start page: of some much reviewed items, the first one for which the first reviews of two
    suggested shoppers differ; None where there is none, or the model server does not answer."""
    if len(request_data.suggestions()) < 2:
        return None
    left, right = request_data.pair("", "")
    items = [item for item in store().much_reviewed_items(TRIED)
             if item["item"] not in store().owned(left["user"]) | store().owned(right["user"])]
    pairs = [(shopper["user"], item["item"]) for item in items for shopper in (left, right)]
    try:
        explanations = recommendation.explain(model(), pairs, store().reviews_of_items(
            [item["item"] for item in items]))
    except (ModelServerError, MismatchError) as error:
        log.warning("the start page has no proof: %s", " ".join(str(error).split()))
        return None
    for item, one, other in zip(items, explanations[::2], explanations[1::2]):
        if one.reviews and one.reviews[0].review["review"] != other.reviews[0].review["review"]:
            return Proof(item, ((left, one.reviews[0]), (right, other.reviews[0])))
    return None
