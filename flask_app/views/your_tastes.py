"""The page "Your tastes": a visitor chooses tastes or writes, and sees a ranking and explanations of their own.

Tastes and ratings live in the address, so that a page of them can be shared and every link keeps them. What is typed
stays in the form: each further page of its ranking sends the form again. Nothing is stored or logged, and no cookie is
set, so a form that another site sends changes nothing.
"""
from flask import Blueprint, abort, redirect, render_template, request, url_for

from flask_app.recommending import typed, viewer
from flask_app.recommending.cards import shown_items
from flask_app.recommending.ranked_page import EVIDENCE_ALONE, ranked_page
from flask_app.recommending.review_highlights import Highlighter
from flask_app.recommending.viewer import Tastes
from flask_app.storage.categories import options
from flask_app.views import newcomer_form, request_data, viewers
from flask_app.views.arguments import QUERY_LIMIT, filters_of, page_of
from flask_app.views.request_data import aspects, model, store, words

OFFERED, FOUND = 6, 8  # items offered for rating; items found by a search

blueprint = Blueprint("yourself", __name__)


@blueprint.before_request
def require_artefact():
    """Without the artefact no text can be read."""
    if words() is None:
        abort(404, "This shop has no vocabulary, so it cannot read what you write.")


@blueprint.route("/yourself", methods=["GET"])
def form():
    """The ranking for the tastes of the address; without tastes the empty form."""
    tastes, complaints = viewers.tastes_of(request.args)
    entered = newcomer_form.of_ratings(tastes.rated)
    if not tastes:
        return _page(entered, tastes, complaints=complaints)
    request_data.limit(request_data.RANKINGS)
    return _answer(entered, tastes, typed.read((), aspects(), words()), complaints, request.args)


@blueprint.route("/yourself", methods=["POST"])
def ranking():
    """A page of the ranking for the posted form; one without a text leads to the address of its tastes."""
    entered = newcomer_form.read(request.form, store())
    chosen, complaints = viewers.tastes_of(request.form)
    chosen = chosen._replace(rated=entered.rated)
    title = request.form.get("toys", "").strip()[:QUERY_LIMIT]
    if request.form.get("do") == "find":
        return _page(entered, chosen, title)
    if entered.has_too_many_ratings:
        return _page(entered, chosen, title, complaints + (f"Please rate {newcomer_form.RATED} items at most.",)), 400
    if not entered.texts and chosen:
        return redirect(url_for("yourself.form", **_as_ticked(chosen)), 303)
    request_data.limit(request_data.TEXTS)
    if not entered.texts:
        return _page(entered, chosen, title, complaints + (
            "Please choose what matters to you, write a few words or rate an item, so that there is something to rank "
            "by.",)), 400
    read = typed.read([box.text for box in entered.boxes], aspects(), words())
    return _answer(entered, chosen, read, complaints, request.form, title)


def _as_ticked(chosen):
    """The parameters of an address for what is ticked, as it is, so that its page complains of what it leaves out."""
    ticked = viewers.kept(request.form)
    return dict({name: ticked[name] for name in ("want", "avoid") if name in ticked},
                **Tastes(rated=chosen.rated).query(None))


def _answer(entered, chosen, read, complaints, args, title=""):
    """The page with the ranking.

    Args:
      entered: NewcomerForm.
      chosen: Tastes that the visitor has chosen.
      read: `typed.Typed` of the texts of the form's boxes.
    """
    mentioned = set(chosen.wanted + chosen.avoided)  # what is chosen wins against what is read
    read = read._replace(**{name: tuple(number for number in getattr(read, name) if number not in mentioned)
                            for name in ("wanted", "avoided")})
    both = Tastes(chosen.wanted + read.wanted, chosen.avoided + read.avoided, chosen.rated)
    you = viewer.visitor(model(), words(), aspects(), both, entered.reviews(read.liked), entered.own)
    order = args.getlist("order")[-1:]  # of the button pressed
    filters = filters_of(args)._replace(with_owned=False, evidence_alone=order == [EVIDENCE_ALONE])
    ranked = ranked_page(store(), you, filters, page_of(args))
    highlighter = Highlighter(words(), you.own)
    return _page(entered, chosen, title, complaints, ranked=ranked, filters=filters, highlighter=highlighter,
                 viewer=you, read=read, categories=options(*request_data.stamp()),
                 known_words=words().count_known(entered.texts),
                 shown=shown_items(store(), ranked, aspects(), you.interests, highlighter),
                 pieces=[typed.pieces(text, words()) for text in entered.texts])


def _page(entered, chosen, title="", complaints=(), ranked=None, **result):
    """The page with the form's content; `ranked` and `result` belong to an answer."""
    matches = store().titled(title, FOUND) if title else []
    items = dict(entered.items)
    items.update((item["item"], item) for item in matches or store().much_reviewed_items(OFFERED))
    return render_template("your_tastes.html", entered=entered, chosen=chosen, title=title, complaints=complaints,
                           longest=newcomer_form.LONGEST, matches=matches, items=items.values(), aspects=aspects(),
                           taste=Taste(chosen), words_read=words().length, ranked=ranked, **result)


class Taste:
    """Addresses of the page with one wish more or less.

    Args:
      chosen: Tastes that the address holds now.
    """

    def __init__(self, chosen):
        self._chosen = chosen

    def wanting(self, number):
        """The address with an aspect that is wanted."""
        return self._address(self._chosen.wanted + (number,), self._without(number).avoided)

    def avoiding(self, number):
        """The address with an aspect that is avoided."""
        return self._address(self._without(number).wanted, self._chosen.avoided + (number,))

    def without(self, number):
        """The address without an aspect."""
        return self._address(*self._without(number)[:2])

    def unrated(self, item):
        """The address without the rating of an item's row of the catalogue."""
        rated = tuple(pair for pair in self._chosen.rated if pair[0]["item"] != item["item"])
        return url_for("yourself.form", **self._chosen._replace(rated=rated).query(aspects()))

    def keeping(self, read):
        """The address with what a text was read as."""
        return self._address(self._chosen.wanted + tuple(read.wanted), self._chosen.avoided + tuple(read.avoided))

    def page(self, number, filters):
        """The address of a page of the ranking."""
        return url_for("yourself.form", **dict(filters.query, page=number if number > 1 else None,
                                               **self._chosen.query(aspects())))

    def _without(self, number):
        return Tastes(*(tuple(one for one in numbers if one != number)
                        for numbers in self._chosen[:2]), self._chosen.rated)

    def _address(self, wanted, avoided):
        return url_for("yourself.form", **Tastes(wanted, avoided, self._chosen.rated).query(aspects()))
