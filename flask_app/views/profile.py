"""A shopper's profile: what they speak of, how sure that is, own reviews, and the nearest users."""
import collections
from typing import NamedTuple

from flask import Blueprint, current_app, render_template

from flask_app.storage import measurements, users_map
from flask_app.views.request_data import aspects, find_shopper, store, words
from models.run_folder import aspect_profiles

WRITTEN = 60  # own reviews shown
READ = 200  # own reviews of a shopper that are searched for sentences
FEW = 5  # with fewer reviews the page says that the model knows little
SPOKEN, LEAST = 6, 3  # aspects shown: most, and as many where none is spoken of more often than by others
EVIDENCE = 2  # sentences of an aspect
LONGEST = 160  # characters of a sentence
SURE, LIKELY = .95, .8  # probabilities that a shopper speaks of an aspect more often than the average shopper

blueprint = Blueprint("profile", __name__)


class Spoken(NamedTuple):
    """An aspect that a shopper speaks of."""
    name: str
    mentions: int  # own reviews that speak of it
    share: float  # of the own reviews, 0..1
    usual: float  # of all reviews, 0..1
    praise: float  # share of these own reviews that praise it, drawn towards that of all shoppers
    sureness: str  # in words, that the shopper speaks of it more often than others
    evidence: tuple  # of (sentence, review)


class Match(NamedTuple):
    """Two sentences about the same aspect."""
    name: str
    own: str
    other: str


@blueprint.route("/profiles/<id:user_id>")
def profile(user_id):
    """The profile page of a shopper."""
    shopper, run_folder, scorer = find_shopper(user_id), current_app.config["RUN_FOLDER"], words()
    counts, user, own = store().review_counts(), shopper["user"], shopper["rating_count"]
    queries = scorer.tables.queries if scorer and scorer.tables else None
    told = users_map.told(run_folder, shopper["user_id"])
    near = users_map.of_report(told.nearest if told else ()) or users_map.nearest(queries, user, store().ids_of)
    drawn = users_map.around(run_folder, shopper["user_id"], near)
    said = said_by(store().reviews_by(user, READ))
    return render_template(
        "profile.html", shopper=shopper, written=store().reviews_by(user, WRITTEN), map=drawn,
        group=told.group_name if told else None,
        neighbours=[(one, _row(one), _match(user, said, one, place))
                    for place, one in enumerate(drawn.neighbours if drawn else near)],
        spoken=_spoken(user, said),
        width=users_map.WIDTH, height=users_map.HEIGHT, number=own, few=FEW,
        fewer=int((counts < own).sum()), shoppers=len(counts),
        retrieval=measurements.retrieval(run_folder, counts, own))


def said_by(reviews):
    """{aspect: [(sentence, review)]} of some reviews of a shopper, the clearest opinions first; {} without aspects."""
    found = collections.defaultdict(list)
    for review in reviews if aspects() else ():
        for sentence in aspects().sentences(review["review"]):
            text = review["text"][sentence.start:sentence.end].strip()
            if sentence.aspect >= 0 and text:
                clear = abs(sentence.polarity - .5) - (1 if len(text) > LONGEST else 0)
                found[sentence.aspect].append((-clear, len(found[sentence.aspect]), text, review))
    return {aspect: [(text, review) for _, _, text, review in sorted(said, key=lambda one: one[:2])]
            for aspect, said in found.items()}


def _spoken(user, said):
    """The Spokens of a shopper, the most characteristic first; () without aspects."""
    if not aspects() or not 0 <= user < len(aspects().tables.user_reviews):
        return ()
    average = aspect_profiles.averages(aspects().tables)
    found = aspect_profiles.of_user(aspects().tables, user, average)
    chosen = [aspect for aspect in found.spoken() if found.confidence[aspect] >= .5][:SPOKEN] or found.spoken()[:LEAST]
    return tuple(Spoken(aspects().name(aspect), int(found.mentions[aspect]), float(found.share[aspect]),
                        float(average[0][aspect]), float(found.positivity[aspect]),
                        sureness_of(float(found.confidence[aspect])), tuple(said.get(aspect, ())[:EVIDENCE]))
                 for aspect in chosen)


def sureness_of(confidence):
    """A probability that a shopper speaks of an aspect more often than the average shopper, in words."""
    if confidence >= SURE:
        return "surely more often than others"
    if confidence >= LIKELY:
        return "probably more often than others"
    return "perhaps no more often than others" if confidence >= .5 else "no more often than others"


def _row(neighbour):
    return store().shopper(neighbour.user_id)


def _match(user, said, neighbour, place):
    """The Match of a shopper and a neighbour: of the aspects that both speak of, the one that both speak of most
    beyond the average; None where there is none. `place`: which of the own sentences is shown, so that neighbours show
    different ones."""
    row = _row(neighbour)
    if not said or row is None:
        return None
    theirs = said_by(store().reviews_by(row["user"], READ))
    both = [aspect for aspect in said if aspect in theirs]
    if not both:
        return None
    own, other = (aspects().interests(one) for one in (user, row["user"]))
    best = max(both, key=lambda aspect: (min(own[aspect].weight, other[aspect].weight), -aspect))
    return Match(aspects().name(best), said[best][place % len(said[best])][0], theirs[best][0][0])
