"""A run as a SavedModel, and the tables of a run that the shop reads.

    publish.py            a run as the next version of a SavedModel
    versions.py           folders of versions: drafts, publishing, deleting old ones
    saved_model.py        writes the SavedModel and its assets
    served_signatures.py  the signatures: placeholders, allowed ranges, outputs
    servable.py           the network as it is served: explain, rank, serving_default
    shopper.py            the user of a request: a known one, or a new one described by texts and stars
    served_catalogue.py   what the export stores of users, items and reviews
    ranking.py            ratings of the whole catalogue for one user, and its first items
    served_order.py       the order of items: evidence, purchases and popularity of the whole catalogue
    item_index.py         an index of the items of a large catalogue, built at export
    two_stage.py          the first items of a large catalogue: candidates by this index, then their exact order
    terms.py              TF-IDF bags inside the graph
    word_index.py         an inverted index: the similarity of one bag to all reviews
    stored_rankings.py    rankings that are computed at export
    word_scores.py        tables of what each word adds to the personal score, for the shop
"""
