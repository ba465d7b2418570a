"""The page "Be yourself": a visitor enters reviews and ratings, and sees a ranking and explanations of their own.

The form holds everything: each further page of the ranking sends it again. Nothing is stored or logged, and no cookie
is set, so a form that another site sends changes nothing.
"""
from flask import Blueprint, abort, current_app, render_template, request

from flask_app.recommending.cards import shown_items
from flask_app.recommending.newcomer import Newcomer
from flask_app.recommending.ranked_page import EVIDENCE_ALONE, Filters, ranked_page
from flask_app.recommending.review_highlights import Highlighter
from flask_app.views import newcomer_form, request_data
from flask_app.views.arguments import QUERY_LIMIT, page_of
from flask_app.views.request_data import model, store, words

OFFERED, FOUND = 6, 8  # items offered for rating; items found by a search

blueprint = Blueprint("yourself", __name__)


@blueprint.before_request
def require_artefact():
    """Without the artefact no text can be read."""
    if words() is None:
        abort(404, "This shop has no vocabulary, so it cannot read what you write.")


@blueprint.route("/yourself", methods=["GET"])
def form():
    """The empty form."""
    return _page(newcomer_form.EMPTY)


@blueprint.route("/yourself", methods=["POST"])
def ranking():
    """A page of the ranking for the posted form, with explanations."""
    if not current_app.extensions["rate_limit"].allows(request.remote_addr):
        abort(429)
    entered = newcomer_form.read(request.form, store())
    title = request.form.get("toys", "").strip()[:QUERY_LIMIT]
    if request.form.get("do") == "find":
        return _page(entered, title)
    if not entered.reviews:
        return _page(entered, title, "Please write a few words or rate an item, so that there is something to "
                                     "rank by."), 400
    newcomer = Newcomer(model(), words(), entered.reviews)
    filters = Filters(evidence_alone=request.form.getlist("order")[-1:] == [EVIDENCE_ALONE])  # of the button pressed
    ranked = ranked_page(store(), newcomer, filters, page_of(request.form))
    highlighter = Highlighter(words(), entered.own)
    return _page(entered, title, ranked=ranked, filters=filters, highlighter=highlighter,
                 shown=shown_items(store(), ranked, request_data.aspects(), {}, highlighter),
                 known_words=words().count_known(entered.texts))


def _page(entered, title="", complaint=None, ranked=None, **result):
    """The page with the form's content; `ranked` and `result` belong to an answer."""
    matches = store().titled(title, FOUND) if title else []
    items = dict(entered.items)
    items.update((item["item"], item) for item in matches or store().much_reviewed_items(OFFERED))
    return render_template("be_yourself.html", entered=entered, title=title, complaint=complaint,
                           longest=newcomer_form.LONGEST, matches=matches, items=items.values(),
                           words_read=words().length, ranked=ranked, **result)
