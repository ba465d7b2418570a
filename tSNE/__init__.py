"""Maps of a run's users by t-SNE: the user embeddings before the attention layers, and the queries in them.

    maps.py                 unit vectors -> t-SNE map, closest pair
    groups.py               groups of users, and the words that distinguish them
    survey.py               the users of one run: vectors, groups, words
    neighbours.py           the two nearest users side by side: the words they share, what they wrote
    people.py               what each user cares about: aspects, words, items, a passage of a review
    colours.py              what users are coloured by: aspect, group, stars, reviews
    cluster_measures.py     measures of clusters, as pure functions
    held_out.py             what users write in test reviews, against what those near them write
    evidence.py             these measures before the attention, in it, and for TF-IDF and LSI: record and table
    drawing.py              one map as a picture
    page                    the interactive page of both maps (map.html)
    projector.py            the queries as files for the TensorBoard projector
    user_maps.py            all of it together, for one run
    results.py              writes pictures, tables, page, projector files and evidence
    tSNE_visualization.py   the command `./run tsne`: flags and main; nothing imports it
"""
