"""What the shop reads from disk: the run's files and the catalogue. Nothing is ever written.

    runs.py          the run to show, the data it was trained on, and whether its catalogue can be used
    store.py         every SQL query on the catalogue: items, shoppers, training reviews
    word_search.py   finds reviews and titles that hold words, by the catalogue's index
    categories.py    the categories a shopper can filter by
    aspects.py       what reviews, shoppers and items speak of, from the run's tables of aspects
    file_times.py    when files were last changed, for caches
    measurements.py  what the evaluation measured of the run
    users_map.py     the t-SNE map of users, and the nearest users of a shopper
"""
