"""The catalogue of an artificial corpus, and aspects of its reviews, whose words are words of that corpus."""
import os

import numpy as np

from benchmarks import shapes
from models.run_folder import aspect_tables, runs
from preprocessing import artefact as contract
from preprocessing import catalogue
from runtime import files

TITLE_WORDS, IN_EACH = 3, "Toy"  # words of the corpus in a title, frequent ones most often; a word of all titles
ASPECTS, WORDS, FIRST = 20, 6, 60  # aspects, words of each, and the id of the first word: of middle frequency


def write_catalogue(data):
    """Writes the catalogue of an artificial corpus, whose artefact is in the folder `data`, unless it exists."""
    path = os.path.join(data, catalogue.NAME)
    if not os.path.isfile(path):
        _catalogue(contract.load(data), path)


def _catalogue(a, path):
    words = np.array(a.vocabulary)
    train = np.zeros(len(a.review_item), bool)
    train[a.train.review] = True
    counts = [np.bincount(owner[train], minlength=len(slots)).tolist() for owner, slots in (
        (a.review_item, a.item_reviews), (a.review_user, a.user_reviews))]
    titles = words[(len(words) * np.random.RandomState(2017).random_sample(
        (len(counts[0]), TITLE_WORDS)) ** 4).astype(int)]
    with files.written(path) as out:  # SQLite writes to the draft itself
        catalogue.write(
            out.name,
            [(row, f"I{row}", " ".join([IN_EACH, *titles[row], str(row)]), 10. + row % 50, None,
              f"Toys > Kind {row % 40}", f"Maker {row % 90}", None,
              count, 4.) for row, count in enumerate(counts[0])],
            [(row, f"U{row}", count, 4.) for row, count in enumerate(counts[1])],
            ((row, int(a.review_user[row]), int(a.review_item[row]), float(a.review_rating[row]), "A summary",
              " ".join(words[a.review_tokens[row, :a.review_length[row]]]), int(a.review_time[row]), None, None,
              "train" if train[row] else "test") for row in range(1, len(a.review_item))))


def write_aspects(folder, run):
    """Writes the tables of ASPECTS aspects of a run in `folder`, which has a catalogue, unless they exist."""
    from user_modeling import aspects  # slow to import

    if aspect_tables.load(run) is not None:
        return
    named = {f"aspect {one}": [shapes.letters(FIRST + one + ASPECTS * word) for word in range(WORDS)]
             for one in range(ASPECTS)}
    path = os.path.join(folder, "aspects.json")
    files.write_json(path, named)
    config = runs.load(run)
    aspect_tables.save(run, aspects.learn(config.artefact, config.data_folder, path=path))
