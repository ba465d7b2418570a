"""The pages of the shop: choose a shopper, a shopper's ranked items, an item for two shoppers; health checks."""
from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from flask_app.recommending import comparison, item_page, recommendation
from flask_app.recommending.cards import labels_of, shown_items
from flask_app.recommending.ranked_page import bought_items
from flask_app.recommending.review_highlights import Highlighter
from flask_app.recommending.viewer import NOBODY, VISITOR
from flask_app.recommending.viewer import shopper as shopper_viewer
from flask_app.storage.aspects import POLARITIES
from flask_app.storage.categories import options
from flask_app.views import errors, request_data, start, viewers
from flask_app.views.arguments import QUERY_LIMIT, argument, filters_of, page_of, unsearched
from flask_app.views.request_data import ID_SHOWN, find_item, find_shopper, model, store
from flask_app.views.viewers import viewer_of
from flask_app.web import metrics
from flask_app.web.model_version import available
from flask_app.web.render import stars

FOLDED = 20  # other reviews of an item, in a comparison
WRITTEN = 6  # own reviews of a shopper, on the shopper's page

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
    viewer = shopper_viewer(model(), row, request_data.aspects())
    ranked = request_data.ranked(viewer, filters, page_of(request.args))
    highlighter = request_data.highlighter(row)
    shown = shown_items(store(), ranked, request_data.aspects(), viewer.interests, highlighter)
    return render_template(
        "shopper.html", shopper=row, filters=filters, ranked=ranked, shown=shown, highlighter=highlighter,
        categories=options(*request_data.stamp()), owned=store().owned(row["user"]), written=highlighter.own[:WRITTEN])


@blueprint.route("/items/<id:item_id>")
def item(item_id):
    """An item for the one who looks at it; with the parameter `beside`, its reviews in two orders."""
    row, (viewer, complaint) = find_item(item_id), _viewer()
    if viewer.kind == VISITOR:  # the parts of the wishes are computed over the whole catalogue
        request_data.limit(request_data.RANKINGS)
    reviews = store().reviews_of_items([row["item"]])
    if "beside" in request.args:
        return _comparison(row, reviews, viewer, complaint)
    aspects, filters = request_data.aspects(), item_page.filters_of(request.args, request_data.aspects())
    explanation = (item_page.by_votes(row, reviews) if viewer.kind == NOBODY
                   else viewer.explain([row["item"]], reviews)[0])
    highlighter = _highlighter(viewer)
    page = item_page.item_page(row, reviews, explanation, highlighter, aspects, viewer.interests, filters,
                               page_of(request.args))
    return render_template(
        "item.html", item=row, viewer=viewer, complaint=complaint, page=page, rating=page.card.rating, aspects=aspects,
        filters=filters, names=[aspect.name for aspect in aspects.all] if aspects else [], polarities=POLARITIES,
        bought=bought_items(store(), [explanation]), popularity=store().share_with_fewer_ratings([row]),
        unread=len(recommendation.unread(reviews, explanation)), highlighter=highlighter), 404 if complaint else 200


def _comparison(row, reviews, viewer, complaint):
    """The page of an item's reviews in two orders: of the one who looks, and of the shopper `beside`."""
    beside = argument("beside")
    if beside and not store().shopper(beside):
        beside, complaint = "", f"No shopper has the id {beside[:ID_SHOWN]}; another one is shown."
    if viewer.kind != VISITOR:
        left, right = request_data.pair(viewer.query.get("for", ""), beside)
        viewer = shopper_viewer(model(), left, request_data.aspects())
    else:
        right = find_shopper(beside or request_data.suggestions()[0].user_id)
    viewers = [viewer, shopper_viewer(model(), right, request_data.aspects())]
    explanations = [one.explain([row["item"]], reviews)[0] for one in viewers]
    highlighters = [_highlighter(one) for one in viewers]
    labels = [{review: labels_of(review, request_data.aspects(), one.interests) for review in reviews}
              for one in viewers]
    return render_template(
        "compare.html", item=row, viewer=viewer, complaint=complaint, beside=True, explanations=explanations,
        shopper=right, whos=[one.who for one in viewers], highlighters=highlighters, labels=labels,
        highlights=[one.highlights([explanation.top]) for one, explanation in zip(highlighters, explanations)],
        ratings=[stars(explanation.rating) for explanation in explanations],
        bought=bought_items(store(), explanations), comparison=comparison.compare(*explanations),
        unread=recommendation.unread(reviews, explanations[0]), suggestions=request_data.suggestions(),
        folded=FOLDED), 404 if complaint else 200


def _viewer():
    """(the Viewer of the address, a complaint where its shopper does not exist; None)."""
    unknown = argument("for")
    if not unknown or store().shopper(unknown):
        return viewer_of(request.args), None
    others = MultiDict([pair for pair in request.args.items(multi=True) if pair[0] != "for"])
    return viewer_of(others), f"No shopper has the id {unknown[:ID_SHOWN]}."


def _highlighter(viewer):
    return request_data.highlighter(viewer.shopper) if viewer.shopper else Highlighter(
        request_data.words() if viewer.own else None, viewer.own)


@blueprint.route("/healthz")
def healthz():
    """200 as long as the shop runs."""
    return {"status": "ok"}


@blueprint.route("/readyz")
def readyz():
    """200 where catalogue and model server are ready to answer for the pages, else 503."""
    versions, status = available(current_app.extensions["model_probe"]), "ready"
    if not versions:
        status = "the model server is not ready"
    try:
        store().item_count()
    except errors.CATALOGUE as error:
        errors.log_catalogue(error)
        status = "the catalogue cannot be read"
    state = {"status": status, "run": current_app.config["RUN"],
             "version": max(versions, key=int) if versions else None}
    return state, 200 if status == "ready" else 503


@blueprint.route("/metrics")
def counts():
    """Counts and durations of requests, as Prometheus reads them."""
    return Response(current_app.extensions["metrics"].page(), content_type=metrics.CONTENT_TYPE)


@blueprint.app_context_processor
def on_every_page():
    """What the header and the footer of each page need, the names of shoppers, and what is said of a search."""
    values = request.view_args or {}
    return {"run": current_app.config["RUN"], "data": current_app.config["DATA"],
            "has_tastes": request_data.words() is not None, "name_of": request_data.name_of, "unsearched": unsearched,
            "who_looks": {"for": [values["user_id"]]} if "user_id" in values else viewers.kept(request.args)}
