"""A shopper's profile: what they wrote, who is near them, how sure the system can be."""
from flask import Blueprint, current_app, render_template

from flask_app.views import request_data as resources
from flask_app.views.request_data import find_shopper, store
from flask_app.storage import measurements as measured
from flask_app.storage import users_map

WROTE = 60  # own reviews shown
FEW = 5  # reviews with which the system says that it knows little

blueprint = Blueprint("profile", __name__)


@blueprint.route("/profiles/<id:user_id>")
def profile(user_id):
    """What the shop knows of a shopper."""
    who, folder, words = find_shopper(user_id), current_app.config["RUN_FOLDER"], resources.words()
    counts = store().review_counts()
    queries = words.tables.queries if words and words.tables else None
    chart = users_map.around(folder, who["user_id"], who["user"], store().row_of, queries)
    number = counts.get(who["user"], 0)
    return render_template(
        "profile.html", shopper=who, written=store().reviews_by(who["user"], WROTE), map=chart,
        sizes=(users_map.WIDTH, users_map.HEIGHT), number=number, few=FEW,
        fewer=sum(other < number for other in counts.values()), shoppers=len(counts),
        retrieval=measured.retrieval(folder, counts, number))
