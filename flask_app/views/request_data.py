"""What a request works with: the catalogue, the model server, words; and who and what it names."""
import os
import threading
from urllib.parse import quote

from flask import abort, current_app, g, request
from werkzeug.routing import BaseConverter

from flask_app.recommending import review_highlights as why
from flask_app.recommending import suggested_shoppers as tastes
from flask_app.storage.store import Store

ID_SHOWN = 80  # characters of an unknown id
_kept = threading.local()


class RawId(BaseConverter):
    """A raw file's id as a part of an address: any characters, slashes too."""
    regex = r"[\s\S]+"
    part_isolating = False

    def to_url(self, value):
        return quote(value, safe="")


def store():
    """This thread's connection to the catalogue, which is kept while the file is the same."""
    if "store" not in g:
        now, before = stamp(), getattr(_kept, "stamp", None)
        if before != now:
            if before:
                _kept.store.close()
            _kept.stamp = None  # until the new one stands
            _kept.store = Store(now[0])
            _kept.stamp = now
        g.store = _kept.store
    return g.store


def model():
    """The model server, a `serving.client.ModelClient`."""
    return current_app.extensions["model_server"]


def words():
    """`words.Words`; None where the shop has no artefact."""
    return current_app.extensions["words"]


def stamp():
    """(path, which file it is) of the catalogue: what is kept of it is kept for these."""
    path = current_app.config["CATALOGUE"]
    file = os.stat(path)
    return path, (file.st_ino, file.st_size, file.st_mtime_ns)


def suggestions():
    return tastes.suggested(*stamp())


def find_shopper(user_id):
    """The shopper with a raw id. Aborts with 404 where there is none."""
    who = store().shopper(user_id)
    if who is None:
        abort(404, f"No shopper has the id {user_id[:ID_SHOWN]}.")
    return who


def find_item(item_id):
    """The item with a raw id. Aborts with 404 where there is none."""
    what = store().item(item_id)
    if what is None:
        abort(404, f"No item has the id {item_id[:ID_SHOWN]}.")
    return what


def reader(who):
    """How a known shopper reads reviews."""
    return why.Reader(words(), store().reviews_by(who["user"], why.OWN), who["user"])


def pair(left_id, right_id):
    """Two shoppers to compare; who is not named is suggested, with another taste."""
    suggested = suggestions()
    left = find_shopper(left_id or next((s.user_id for s in suggested if s.user_id != right_id),
                                        right_id))
    if not right_id:
        texts = store().texts_by([left["user"]], tastes.REVIEWS)[left["user"]]
        other = tastes.most_different(suggested, left["user_id"], texts)
        right_id = other.user_id if other else left["user_id"]
    return left, find_shopper(right_id)


def argument(name, limit=300):
    """A parameter of the address, '' where it is absent."""
    return request.args.get(name, "")[:limit]
