"""The pages of the shop: choose a shopper, a shopper's ranked items, an item for two shoppers; health checks."""
from flask import Blueprint, current_app, redirect, render_template, request, url_for

from flask_app.recommending import comparison, recommendation
from flask_app.recommending.ranked_page import bought_items, ranked_page
from flask_app.storage.categories import options
from flask_app.views import request_data, start, viewers
from flask_app.views.arguments import QUERY_LIMIT, argument, filters_of, page_of
from flask_app.views.request_data import find_item, find_shopper, model, store
from flask_app.web.model_version import available

FOLDED, FOLDED_IN_FULL = 10, 30  # other reviews of an item, on a shopper's and on the item's page
WRITTEN = 12  # own reviews of a shopper, on the shopper's page

blueprint = Blueprint("pages", __name__)


@blueprint.route("/")
def shoppers():
    """Choose a shopper: suggestions, or a search by id or by words."""
    query = argument("q", QUERY_LIMIT).strip()
    if query and store().shopper(query):
        return redirect(url_for("pages.shopper", user_id=query))
    return start.page(query, store().search(query) if query else [])


@blueprint.route("/shoppers/<id:user_id>")
def shopper(user_id):
    """A shopper's ranked items, each with the reviews that weigh most for this shopper."""
    row, filters = find_shopper(user_id), filters_of(request.args)
    ranked = ranked_page(store(), recommendation.Shopper(model(), row["user"]), filters, page_of(request.args))
    highlighter = request_data.highlighter(row)
    return render_template(
        "shopper.html", shopper=row, filters=filters, ranked=ranked, highlighter=highlighter, folded=FOLDED,
        categories=options(*request_data.stamp()), owned=store().owned(row["user"]),
        highlights=highlighter.highlights(ranked.explanations),
        written=highlighter.own[:WRITTEN])


@blueprint.route("/items/<id:item_id>")
def item(item_id):
    """An item's reviews in the order of one shopper, beside the order of another one."""
    row = find_item(item_id)
    pair = request_data.pair(argument("for"), argument("beside"))
    reviews = store().reviews_of_items([row["item"]])
    explanations = recommendation.explain(model(), [(shopper["user"], row["item"]) for shopper in pair], reviews)
    highlighters = [request_data.highlighter(shopper) for shopper in pair]
    return render_template(
        "item.html", item=row, shoppers=pair, explanations=explanations, highlighters=highlighters,
        bought=bought_items(store(), explanations),
        highlights=[highlighter.highlights([explanation])
                    for highlighter, explanation in zip(highlighters, explanations)],
        comparison=comparison.compare(*explanations), unread=recommendation.unread(reviews, explanations[0]),
        suggestions=request_data.suggestions(), folded=FOLDED_IN_FULL)


@blueprint.route("/healthz")
def healthz():
    """200 as long as the shop runs."""
    return {"status": "ok"}


@blueprint.route("/readyz")
def readyz():
    """200 where catalogue and model server are ready to answer for the pages, else 503."""
    store().item_count()
    probe = current_app.extensions["model_probe"]
    versions = available(probe) if probe.ready() else None
    state = {"status": "ready" if versions else "the model server is not ready", "run": current_app.config["RUN"],
             "version": max(versions, key=int) if versions else None}
    return state, 200 if versions else 503


@blueprint.app_context_processor
def on_every_page():
    """What the header and the footer of each page need, and the names of shoppers."""
    values = request.view_args or {}
    return {"run": current_app.config["RUN"], "data": current_app.config["DATA"],
            "has_be_yourself": request_data.words() is not None, "name_of": request_data.name_of,
            "kept": {"for": [values["user_id"]]} if "user_id" in values else viewers.kept(request.args)}
