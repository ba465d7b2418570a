"""Be yourself: write or paste reviews, rate a few toys, and see the shop with your own eyes.

The form holds all there is: every page of the ranking sends it again. Nothing is stored, nothing is
logged, no cookie is set, so a foreign site that sent the form would change nothing for anybody.
"""
from flask import Blueprint, abort, current_app, render_template, request

from flask_app.recommending import ranked_page as shelf
from flask_app.recommending import review_highlights as why
from flask_app.views import newcomer_form as told
from flask_app.views import request_data as resources
from flask_app.recommending.newcomer import Newcomer
from flask_app.views.request_data import model, store

OFFERED, FOUND = 6, 8  # toys to rate, and found by a search
FOLDED = 10  # other reviews of an item

blueprint = Blueprint("yourself", __name__)


@blueprint.before_request
def can_read():
    """Without the artefact no text can be read."""
    if resources.words() is None:
        abort(404, "This shop has the catalogue alone; it cannot read what you write.")


@blueprint.route("/yourself", methods=["GET"])
def form():
    """The empty form."""
    return _page(told.NOTHING)


@blueprint.route("/yourself", methods=["POST"])
def ranking():
    """The form's answer: a ranking and its explanations."""
    if not current_app.extensions["rate_limit"].allows(request.remote_addr):
        abort(429)
    said = told.read(request.form, store())
    title = request.form.get("toys", "").strip()[:shelf.QUERY_LIMIT]
    if request.form.get("do") == "find":
        return _page(said, title)
    if not said.wrote:
        return _page(said, title, "Write a few words, or rate a toy; then there is something to go "
                                  "by."), 400
    somebody = Newcomer(model(), resources.words(), said.wrote)
    shown = shelf.fill(store(), somebody, shelf.Filters(), shelf.page_of(request.form))
    reader = why.Reader(resources.words(), said.own)
    return _page(said, title, shelf=shown, reader=reader, folded=FOLDED,
                 whys=reader.whys([explanation for _, explanation in shown.entries]),
                 known=resources.words().known(said.texts))


def _page(said, title="", complaint=None, **result):
    found = store().titled(title, FOUND) if title else []
    toys = dict(said.items)
    toys.update((toy["item"], toy) for toy in found or store().much_reviewed_items(OFFERED))
    return render_template("be_yourself.html", told=said, title=title, complaint=complaint,
                           longest=told.LONGEST, found=found, toys=toys.values(),
                           read=resources.words().length,
                           **dict(dict.fromkeys(("shelf", "reader", "whys", "known")), **result))
