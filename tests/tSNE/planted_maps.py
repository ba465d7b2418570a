"""User maps of planted users, as `user_maps.make` returns them, made without a run."""
import numpy as np

from models.run_folder.aspect_tables import Aspect
from tSNE import colours, maps
from tSNE.colours import Colouring
from tSNE.people import Person
from tSNE.survey import Survey
from tSNE.user_maps import UserMaps

SCRIPT = "</script><script>document.title = 'owned'</script><!-- \u2028 <b>bold</b> & 'quoted' \"too\""
WORDS, ITEMS = ("", "", "battery", "volume", "price", SCRIPT), ["Robot", SCRIPT, "Kite"]
EVIDENCE = {"by chance": {"held_out_aspect": .13}, "spaces": {
    "before": {"silhouette": {"value": .07}, "held_out_aspect": {"value": .16, "low": .14}},
    "attention": {"silhouette": {"value": .96}, "agreement": 1., "held_out_aspect": {"value": .54, "low": .51}}}}


class Aspects:
    """What the page reads of the tables of a run's aspects."""
    aspects = (Aspect("noise", "noise", ("loud", "quiet")), Aspect("b", SCRIPT, (SCRIPT,)))

    def __init__(self, users):
        self.user_mentions = np.stack([np.arange(users) % 3, np.ones(users, int)], axis=1)
        self.user_praise = self.user_mentions / 2
        self.user_reviews = np.arange(users) % 5 + 1


def of(users=23, seed=3, groups=4, passage=SCRIPT):
    """The UserMaps of users, of whom the first has hostile texts and an id of markup."""
    random = np.random.RandomState(seed)
    group = np.sort(np.arange(users) % groups)
    vectors = maps.unit(np.eye(7)[group] + .1 * random.normal(size=(users, 7)))
    near = (np.arange(users)[:, None] + np.arange(1, 6)) % users
    survey = Survey((maps.unit(random.normal(size=(users, 5))), vectors), group, np.zeros((6, groups)),
                    [("battery", f"word{number}") for number in range(groups)], (.1, .8))
    stars = np.where(np.arange(users) % 7 == 6, np.nan, 1 + np.arange(users) % 5)
    colourings = [Colouring(colours.ASPECT, "dominant aspect", np.arange(users) % 3 - 1, ("noise", SCRIPT)),
                  Colouring(colours.GROUP, "groups", group, ("battery, loud", SCRIPT) + ("c",) * (groups - 2)),
                  Colouring(colours.STARS, "mean stars", stars),
                  Colouring(colours.REVIEWS, "reviews", np.arange(users) % 5 + 1.)]
    tables = Aspects(users)
    people = [Person(tuple((aspect, int(count), .5 * count) for aspect, count in enumerate(row) if count),
                     (2 + user % 4, 5), (user % 3,), passage, 4., user % 3)
              for user, row in enumerate(tables.user_mentions)]
    ids = [SCRIPT] + [f"user{number}" for number in range(1, users)]
    points = [random.normal(size=(users, 2)) * 9, random.normal(size=(users, 2)) + 20 * np.eye(7)[group][:, :2]]
    cosines = np.einsum('ud,und->un', vectors, vectors[near])
    return UserMaps(survey, points, ids, None, EVIDENCE, f"run {SCRIPT}", {one.name: one for one in colourings},
                    colourings[0], tables, people, near, cosines, WORDS, ITEMS,
                    ("Compared by id.", SCRIPT))
