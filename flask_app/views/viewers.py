"""Who looks at a page: reads the tastes of a visitor, or the id of a shopper, from the parameters of an address.

A visitor's tastes are `want=CODE`, `avoid=CODE` (codes of aspects) and `rated=ITEM:STARS` (ids of items), each as often
as needed. Values that are not one of these are left out, and the page says so.
"""
from typing import NamedTuple

from flask_app.recommending import viewer
from flask_app.recommending.viewer import Tastes
from flask_app.views.request_data import aspects, find_shopper, model, store, words

MOST = 12  # aspects, and rated items, of an address
READ = 4 * MOST  # values of a parameter that are looked at


class ReadTastes(NamedTuple):
    """What an address says of the visitor."""
    tastes: Tastes
    complaints: tuple  # sentences for the page about what was left out


def viewer_of(args):
    """The Viewer of the parameters of an address: `for=ID` is a shopper of the data, tastes are a visitor.

    Aborts with 404 where no shopper has the id.
    """
    if args.get("for"):
        return viewer.shopper(model(), find_shopper(args["for"][:300]), aspects())
    return viewer.visitor(model(), words(), aspects(), tastes_of(args).tastes)


def kept(args):
    """The parameters of an address that say who looks, as the links and forms of its page keep them: {name: [values]}.

    They are as they were given, and not checked.
    """
    return {name: [value[:300] for value in args.getlist(name)[:READ]]
            for name in ("for", "want", "avoid", "rated") if args.getlist(name)}


def tastes_of(args):
    """The ReadTastes of the parameters of an address or a form, a werkzeug MultiDict."""
    known = aspects().number_of if aspects() else {}
    given = {name: list(dict.fromkeys(args.getlist(name)[:READ])) for name in ("want", "avoid", "rated")}
    chosen = {name: [known[code] for code in given[name] if code in known] for name in ("want", "avoid")}
    both = set(chosen["want"]) & set(chosen["avoid"])
    wanted, avoided = ([number for number in numbers if number not in both] for numbers in chosen.values())
    rated, unknown_items, is_twice = _rated(given["rated"])
    unknown = sum(code not in known for name in ("want", "avoid") for code in given[name])
    too_many = (max(map(len, (wanted, avoided, rated))) > MOST
                or any(len(args.getlist(name)) > READ for name in given))
    complaints = _complaints(unknown, sorted(map(aspects().name, both)) if both else (), unknown_items, is_twice,
                             too_many)
    return ReadTastes(Tastes(tuple(wanted[:MOST]), tuple(avoided[:MOST]), tuple(rated[:MOST])), complaints)


def _complaints(unknown, both, unknown_items, is_twice, too_many):
    """Sentences about what was left out, for the page."""
    sentences = []
    if unknown:
        sentences.append("One name in the address is no aspect that this shop knows; it is left out." if unknown == 1
                         else f"{unknown} names in the address are no aspects that this shop knows; they are left out.")
    if both:
        sentences.append(f"What you both want and avoid is left out: {', '.join(both)}.")
    if unknown_items:
        sentences.append("A rating in the address is not of the form ITEM:STARS for an item of this shop, with 1 to 5 "
                         "stars; it is left out.")
    if is_twice:
        sentences.append("An item is rated twice; the last rating counts.")
    if too_many:
        sentences.append(f"The address holds more than {MOST} wishes of one kind; only the first are used.")
    return tuple(sentences)


def _rated(values):
    """([(item, stars)] of the values `ITEM:STARS`, each item once; whether a value was left out; whether an item was
    rated more than once)."""
    ratings = [(item_id[:300], int(number)) for item_id, _, number in (value.rpartition(":") for value in values)
               if item_id and number in ("1", "2", "3", "4", "5")]
    stars = dict(ratings)  # the last of an item
    items = [(store().item(item_id), number) for item_id, number in stars.items()]
    found = [(item, number) for item, number in items if item is not None]
    return found, len(ratings) < len(values) or len(found) < len(items), len(stars) < len(ratings)
