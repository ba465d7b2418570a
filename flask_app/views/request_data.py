"""What a view needs: the catalogue, the model server, the word scorer, the shoppers and items that ids name, limits."""
import os
import threading
from typing import NamedTuple

from flask import abort, current_app, g, request

from flask_app.recommending import review_highlights, suggested_shoppers
from flask_app.recommending.ranked_page import PAGE, ranked_page
from flask_app.storage.aspects import of_run
from flask_app.storage.store import Store
from flask_app.web.patient_client import MANY
from preprocessing.tokenise import Unicode

ID_SHOWN = 80  # characters of an unknown id
TEXTS, RANKINGS = "rate_limit", "ranking_limit"  # the limits of an address: for texts, and for large rankings


class Stamp(NamedTuple):
    """Which file the catalogue is: what is cached of the catalogue is cached for its Stamp."""
    path: str
    file: tuple  # number, size and time of the file


class _OpenStore(threading.local):
    """The connection of each thread to the catalogue, and the Stamp of the file that it reads."""
    stamp = None
    store = None


_open = _OpenStore()


def store():
    """This thread's `storage.store.Store`; it is reopened where the catalogue's file has been replaced."""
    if "store" not in g:
        current = stamp()
        if _open.stamp != current:
            if _open.stamp:
                _open.store.close()
            _open.stamp = None  # so that a failure to open leaves no closed connection behind
            _open.store = Store(current.path)
            _open.stamp = current
        g.store = _open.store
    return g.store


def model():
    """The model server, a `serving.client.ModelClient`."""
    return current_app.extensions["model_server"]


def limit(name):
    """Counts this request in the rate limit TEXTS or RANKINGS. Aborts with 429 where it is exceeded."""
    if not current_app.extensions[name].allows(request.remote_addr):
        abort(429)


def ranked(viewer, filters, page):
    """The RankedPage of a shopper's Viewer. The limit RANKINGS counts it where it asks for many items."""
    if filters.narrows or page * PAGE > MANY:
        limit(RANKINGS)
    return ranked_page(store(), viewer, filters, page)


def words():
    """The `word_contributions.WordScorer`; None where the shop has no artefact."""
    return current_app.extensions["words"]


def aspects():
    """The `storage.aspects.Aspects` of the run; None where it has no tables of aspects."""
    return of_run(current_app.config["RUN_FOLDER"])


def stamp():
    """The Stamp of the catalogue now. Raises FileNotFoundError where it is gone."""
    path = current_app.config["CATALOGUE"]
    file = os.stat(path)
    return Stamp(path, (file.st_ino, file.st_size, file.st_mtime_ns))


def suggestions():
    """The suggested shoppers of the catalogue."""
    return suggested_shoppers.suggested(*stamp(), tokeniser=tokeniser())


def tokeniser():
    """The rule of words of the run; the Unicode rule where the shop has no artefact."""
    scorer = words()
    return scorer.word_tables.tokeniser if scorer else Unicode


def find_shopper(user_id):
    """The shopper with a raw id. Aborts with 404 where there is none."""
    shopper = store().shopper(user_id)
    if shopper is None:
        abort(404, f"No shopper has the id {user_id[:ID_SHOWN]}.")
    return shopper


def name_of(shopper):
    """The readable name of a shopper, of anything with `user` and `rating_count`."""
    user, count = (getattr(shopper, name, None) if isinstance(shopper, tuple) else shopper[name]
                   for name in ("user", "rating_count"))
    return suggested_shoppers.name_of(user, count, aspects())


def find_item(item_id):
    """The item with a raw id. Aborts with 404 where there is none."""
    item = store().item(item_id)
    if item is None:
        abort(404, f"No item has the id {item_id[:ID_SHOWN]}.")
    return item


def highlighter(shopper):
    """The `review_highlights.Highlighter` of a shopper with an id."""
    own = store().reviews_by(shopper["user"], review_highlights.OWN)
    return review_highlights.Highlighter(words(), own, shopper["user"], aspects())


def pair(left_id, right_id):
    """Two shoppers to compare. For an empty id, a shopper with different typical words is suggested."""
    suggested = suggestions()
    left = find_shopper(left_id or next((s.user_id for s in suggested if s.user_id != right_id),
                                        right_id))
    if not right_id:
        texts = store().texts_by([left["user"]], suggested_shoppers.REVIEWS)[left["user"]]
        suggestion = suggested_shoppers.most_different(suggested, left["user_id"], texts, tokeniser())
        right_id = suggestion.user_id if suggestion else left["user_id"]
    return left, find_shopper(right_id)
