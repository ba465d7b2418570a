"""A shopper's profile: own reviews, the nearest users, and how much the model knows of the shopper."""
from flask import Blueprint, current_app, render_template

from flask_app.storage import measurements, users_map
from flask_app.views.request_data import find_shopper, store, words

WRITTEN = 60  # own reviews shown
FEW = 5  # with fewer reviews the page says that the model knows little

blueprint = Blueprint("profile", __name__)


@blueprint.route("/profiles/<id:user_id>")
def profile(user_id):
    """The profile page of a shopper."""
    shopper, run_folder, scorer = find_shopper(user_id), current_app.config["RUN_FOLDER"], words()
    counts = store().review_counts()
    queries = scorer.tables.queries if scorer and scorer.tables else None
    number = counts.get(shopper["user"], 0)
    return render_template(
        "profile.html", shopper=shopper, written=store().reviews_by(shopper["user"], WRITTEN),
        map=users_map.around(run_folder, shopper["user_id"], shopper["user"], store().row_of, queries),
        width=users_map.WIDTH, height=users_map.HEIGHT, number=number, few=FEW,
        fewer=sum(count < number for count in counts.values()), shoppers=len(counts),
        retrieval=measurements.retrieval(run_folder, counts, number))
