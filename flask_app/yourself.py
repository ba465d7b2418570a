"""Be yourself: write or paste reviews, rate a few toys, and see the shop with your own eyes.

The form holds all there is: every page of the ranking sends it again. Nothing is stored, nothing is
logged, no cookie is set, so a foreign site that sent the form would change nothing for anybody.
"""
from flask import Blueprint, abort, current_app, render_template, request

from flask_app import resources, shelf, why
from flask_app.newcomer import Newcomer, Wrote
from flask_app.render import plain
from flask_app.resources import model, store

BOXES = 3  # texts
LONGEST = 8000  # characters of a text
RATED = 12  # toys
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
    return _page(["" for _ in range(BOXES)], {})


@blueprint.route("/yourself", methods=["POST"])
def ranking():
    """The form's answer: a ranking and its explanations."""
    if not current_app.extensions["rate_limit"].allows(request.remote_addr):
        abort(429)
    texts = [plain(text[:LONGEST]) for text in request.form.getlist("text")[:BOXES]]
    texts += [""] * (BOXES - len(texts))
    stars, title = _stars(), request.form.get("toys", "").strip()[:shelf.QUERY_LIMIT]
    if request.form.get("do") == "find":
        return _page(texts, stars, title)
    if not any(texts) and not stars:
        return _page(texts, stars, title, "Write a few words, or rate a toy; then there is "
                                          "something to go by."), 400
    wrote = [Wrote(text, -1, 0.) for text in texts if text]
    wrote += [Wrote("", item, float(given)) for item, given in stars.items()]
    somebody = Newcomer(model(), resources.words(), wrote)
    shown = shelf.fill(store(), somebody, shelf.Filters(), shelf.page_of(request.form))
    reader = why.Reader(resources.words(), [{"text": text} for text in texts if text])
    return _page(texts, stars, title, shelf=shown, reader=reader, folded=FOLDED,
                 whys=reader.whys([explanation for _, explanation in shown.entries]),
                 known=resources.words().known(texts))


def _page(texts, stars, title="", complaint=None, **result):
    found = store().titled(title, FOUND) if title else []
    rows = dict.fromkeys(list(stars) + [item["item"] for item in found])
    if not found:
        rows.update(dict.fromkeys(item["item"] for item in store().much_reviewed_items(OFFERED)))
    items = store().items(rows)
    return render_template("yourself.html", texts=texts, stars=stars, title=title,
                           complaint=complaint, longest=LONGEST, found=found,
                           toys=[items[row] for row in rows if row in items],
                           **dict(dict.fromkeys(("shelf", "reader", "whys", "known")), **result))


def _stars():
    """{item row: stars 1..5} of the form's toys; what is no toy or no star is left out."""
    given = {}
    for name, value in request.form.items():
        row = name[len("stars-"):]
        if name.startswith("stars-") and row.isdigit() and len(row) < 10 and value in list("12345"):
            given[int(row)] = int(value)
    known = store().items(list(given)[:10 * RATED])
    if len(known) > RATED:
        abort(400, f"Please rate {RATED} toys at most.")
    return {row: stars for row, stars in given.items() if row in known}
