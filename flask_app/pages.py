"""The pages of the shop: choose a shopper, a shopper's ranked items, an item for two shoppers."""
import os
from urllib.parse import quote

from flask import (Blueprint, abort, current_app, g, redirect, render_template, request, url_for)
from werkzeug.routing import BaseConverter

from flask_app import comparison, recommendation, tastes
from flask_app.recommendation import MisfitError
from flask_app.store import SEARCH_LIMIT, Store

PAGE = 8  # items a page
FOLDED, FOLDED_IN_FULL = 40, 200  # other reviews of an item, on a shopper's and on the item's page
WROTE = 12  # own reviews of a shopper, on the shopper's page
QUERY_LIMIT = 100  # characters searched for

blueprint = Blueprint("pages", __name__)


class RawId(BaseConverter):
    """A raw file's id as the end of an address: any characters, slashes too."""
    regex = r"[\s\S]+"
    part_isolating = False

    def to_url(self, value):
        return quote(value, safe="")


@blueprint.route("/")
def shoppers():
    """Choose a shopper: suggestions, or a search by id or by words."""
    query = request.args.get("q", "").strip()[:QUERY_LIMIT]
    if query and _store().shopper(query):
        return redirect(url_for("pages.shopper", user_id=query))
    return render_template("shoppers.html", query=query, suggestions=_suggestions(),
                           found=_store().search(query) if query else [], limit=SEARCH_LIMIT,
                           items=_store().much_reviewed_items(3))


@blueprint.route("/shoppers/<id:user_id>")
def shopper(user_id):
    """A shopper's ranked items, each with the reviews that matter to this shopper."""
    store, who = _store(), _find_shopper(user_id)
    with_owned = request.args.get("owned") == "1"
    count = store.item_count()
    page = min(_page_number(), -(-count // PAGE))
    ranked = recommendation.rank(_client(), who["user"], min(page * PAGE + 1, count), with_owned)
    shown = [entry.item for entry in ranked[(page - 1) * PAGE:page * PAGE]]
    items = store.items(shown)
    if len(items) < len(set(shown)):
        raise MisfitError(f"ranked items that the catalogue lacks: {set(shown) - set(items)}")
    explained = recommendation.explain(_client(), [(who["user"], item) for item in shown],
                                       store.reviews_of_items(shown))
    return render_template(
        "shopper.html", shopper=who, with_owned=with_owned, page=page, first=(page - 1) * PAGE + 1,
        has_more=len(ranked) > page * PAGE, owned=store.owned(who["user"]), folded=FOLDED,
        entries=[(items[item], explanation) for item, explanation in zip(shown, explained)],
        written=store.reviews_by(who["user"], WROTE))


@blueprint.route("/items/<id:item_id>")
def item(item_id):
    """An item's reviews in the order of one shopper, beside the order of another."""
    store = _store()
    what = store.item(item_id)
    if what is None:
        abort(404, f"No item has the id {item_id}.")
    left, right = _pair(request.args.get("for", ""), request.args.get("beside", ""))
    views = recommendation.explain(
        _client(), [(who["user"], what["item"]) for who in (left, right)],
        store.reviews_of_items([what["item"]]))
    return render_template("item.html", item=what, shoppers=(left, right), views=views,
                           comparison=comparison.compare(*views), suggestions=_suggestions(),
                           folded=FOLDED_IN_FULL)


@blueprint.route("/healthz")
def healthz():
    """200 as long as the shop lives."""
    return {"status": "ok"}


@blueprint.route("/readyz")
def readyz():
    """200 when the model server is ready to answer for the pages, else 503."""
    ready = current_app.extensions["model_probe"].ready()
    return {"status": "ready" if ready else "the model server is not ready"}, 200 if ready else 503


@blueprint.app_context_processor
def about_line():
    """What the foot of each page names."""
    return {"run": current_app.config["RUN"], "data": current_app.config["DATA"],
            "pictures": current_app.config["PICTURES"]}


@blueprint.teardown_app_request
def close_store(_error):
    if "store" in g:
        g.pop("store").close()


def _client():
    return current_app.extensions["model_client"]


def _store():
    """This request's connection to the catalogue."""
    if "store" not in g:
        g.store = Store(current_app.config["CATALOGUE"])
    return g.store


def _suggestions():
    path = current_app.config["CATALOGUE"]
    return tastes.suggested(path, os.stat(path).st_mtime_ns)


def _find_shopper(user_id):
    who = _store().shopper(user_id)
    if who is None:
        abort(404, f"No shopper has the id {user_id}.")
    return who


def _pair(left_id, right_id):
    """The two shoppers to compare; who is not named is suggested, with another taste."""
    suggestions = _suggestions()
    left = _find_shopper(left_id or next((s.user_id for s in suggestions if s.user_id != right_id),
                                         right_id))
    if not right_id:
        texts = _store().texts_by([left["user"]], tastes.REVIEWS)[left["user"]]
        other = tastes.most_different(suggestions, left["user_id"], texts)
        right_id = other.user_id if other else left["user_id"]
    return left, _find_shopper(right_id)


def _page_number():
    """`?page=`: from 1; a number below is 1. Aborts with 400 when it is no number."""
    text = request.args.get("page", "1")
    try:
        return max(1, int(text[:9]))
    except ValueError:
        return abort(400, "The page in the address is not a number.")
