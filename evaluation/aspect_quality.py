"""Are the aspects of a run good: do they hold together, are they the planted ones, does their polarity tell the stars.

Legend: `n` training reviews with text, `K` aspects, `A` planted aspects, `U` users, `N` reviews.
"""
import numpy as np

from metrics import aspects as measures
from models.run_folder import aspect_profiles, aspect_reading
from preprocessing import artefact as contract, vocabulary
from user_modeling import corpus as corpora, polarity, rivals, words as word_figures

TOP = rivals.TOP


def coherence(tables, artefact, data_folder, seed):
    """Returns {"aspects", "lda", "kmeans": {"npmi": mean NPMI of the words of a topic}}, with the "difference" of the
    aspects from the rivals and its interval; {} where there are too few aspects.

    Documents are the reviews of validation and test, which no aspect was learned from.
    """
    corpus = corpora.read(artefact, data_folder)
    figures = word_figures.of(corpus)
    ids = vocabulary.numbers(artefact.vocabulary)
    found = {"aspects": [[ids[word] for word in one.words if word in ids][:TOP] for one in tables.aspects]}
    found.update(rivals.topics(corpus, figures, len(tables.aspects), seed))
    held = np.sort(np.concatenate([artefact.validation.review, artefact.test.review]))
    documents = corpora.bags_of_reviews(corpora.texts_of(artefact, data_folder, held), len(artefact.vocabulary))
    values = {name: np.array([measures.npmi(documents, topic) for topic in topics]) for name, topics in found.items()}
    record, random = {}, np.random.RandomState(seed)
    for name, each in values.items():
        if np.isfinite(each).any():
            record[name] = {"npmi": float(np.nanmean(each))}
    for name in [name for name in record if name != "aspects"]:
        gap = measures.compared(values["aspects"], values[name], random)
        record[name].update({} if gap is None else {"difference": gap})
    return record


def polarity_auc(tables, artefact, data_folder):
    """Returns the AUC of the mean polarity of the test reviews' sentences for their stars, high against low; None where
    it is not defined."""
    rows = np.sort(artefact.test.review)
    found = corpora.texts_of(artefact, data_folder, rows)
    reading = aspect_reading.read(found, tables.word_aspect, tables.word_polarity)
    return polarity.auc(artefact, found, rows, reading.polarity)


def planted(tables, artefact, texts, truth):
    """Returns the measures of `metrics/aspects.py` against the planted truth. Raises KeyError where it lacks an entry.

    Args:
      texts: `corpus.Texts`, with the raw ids.
      truth: the record of truth.json.
    """
    names, place = truth["aspects"], {name: number for number, name in enumerate(truth["aspects"])}

    def marks(lists):
        matrix = np.zeros((len(lists), len(names)), bool)
        for row, listed in enumerate(lists):
            matrix[row, [place[name] for name in listed]] = True
        return matrix

    rows = contract.training_rows(artefact)
    main = marks([truth["reviews"]["{} {}".format(*texts.reviews[row])] for row in rows])
    cares = marks([list(truth["users"][user]) for user in texts.users])
    quality = np.array([[truth["items"][item][name] for name in names] for item in texts.items], np.float64)
    counts = np.zeros((len(tables.sentence_start) - 1, len(tables.aspects)))
    row = np.repeat(np.arange(len(counts)), np.diff(tables.sentence_start))
    spoken = np.asarray(tables.sentence_aspect) >= 0
    np.add.at(counts, (row[spoken], np.asarray(tables.sentence_aspect)[spoken]), 1)
    counts = counts[rows]
    partner = measures.matched(counts > 0, main)
    average = aspect_profiles.averages(tables)
    orders = [aspect_profiles.of_user(tables, user, average).order() for user in range(len(cares))]
    return dict(measures.assignment(counts > 0, counts, main, partner), found=int((partner >= 0).sum()),
                planted=len(names), cared_first=measures.cared_first(orders, cares, partner),
                praise_of_quality=measures.praise_of_quality(np.asarray(tables.item_mentions),
                                                             np.asarray(tables.item_praise), quality, partner))
