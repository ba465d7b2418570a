"""The pages of the shop: choose a shopper, a shopper's ranked items, an item for two shoppers."""
from flask import Blueprint, current_app, redirect, render_template, request, url_for

from flask_app.recommending import comparison, recommendation
from flask_app.recommending import ranked_page as shelf
from flask_app.views import request_data as resources
from flask_app.views.request_data import argument, find_item, find_shopper, model, store
from flask_app.storage.categories import options
from flask_app.storage.store import SEARCH_LIMIT

FOLDED, FOLDED_IN_FULL = 10, 30  # other reviews of an item, on a shopper's and on the item's page
WROTE = 12  # own reviews of a shopper, on the shopper's page

blueprint = Blueprint("pages", __name__)


@blueprint.route("/")
def shoppers():
    """Choose a shopper: suggestions, or a search by id or by words."""
    query = argument("q", shelf.QUERY_LIMIT).strip()
    if query and store().shopper(query):
        return redirect(url_for("pages.shopper", user_id=query))
    return render_template("shoppers.html", query=query, suggestions=resources.suggestions(),
                           found=store().search(query) if query else [], limit=SEARCH_LIMIT,
                           items=store().much_reviewed_items(3))


@blueprint.route("/shoppers/<id:user_id>")
def shopper(user_id):
    """A shopper's ranked items, each with the reviews that matter to this shopper."""
    who, filters = find_shopper(user_id), shelf.filters_of(request.args)
    shown = shelf.fill(store(), recommendation.Shopper(model(), who["user"]), filters,
                       shelf.page_of(request.args))
    reader = resources.reader(who)
    return render_template(
        "shopper.html", shopper=who, filters=filters, shelf=shown, reader=reader, folded=FOLDED,
        categories=options(*resources.stamp()), owned=store().owned(who["user"]),
        whys=reader.whys([explanation for _, explanation in shown.entries]),
        written=reader.own[:WROTE])


@blueprint.route("/items/<id:item_id>")
def item(item_id):
    """An item's reviews in the order of one shopper, beside the order of another."""
    what = find_item(item_id)
    left, right = resources.pair(argument("for"), argument("beside"))
    views = recommendation.explain(
        model(), [(who["user"], what["item"]) for who in (left, right)],
        store().reviews_of_items([what["item"]]))
    readers = [resources.reader(who) for who in (left, right)]
    return render_template(
        "item.html", item=what, shoppers=(left, right), views=views, readers=readers,
        whys=[reader.whys([view]) for reader, view in zip(readers, views)],
        comparison=comparison.compare(*views), suggestions=resources.suggestions(),
        folded=FOLDED_IN_FULL)


@blueprint.route("/healthz")
def healthz():
    """200 as long as the shop lives."""
    return {"status": "ok"}


@blueprint.route("/readyz")
def readyz():
    """200 when catalogue and model server are ready to answer for the pages, else 503."""
    store().item_count()
    ready = current_app.extensions["model_probe"].ready()
    return {"status": "ready" if ready else "the model server is not ready"}, 200 if ready else 503


@blueprint.app_context_processor
def about_line():
    """What the foot of each page names."""
    return {"run": current_app.config["RUN"], "data": current_app.config["DATA"],
            "can_read": resources.words() is not None}
