"""Maps of a run's users by t-SNE: the user embeddings before the attention layers, and the queries in them.

    maps.py                 unit vectors -> t-SNE map, nearest users, closest pair
    groups.py               groups of users, the words that distinguish them, and whether the groups are real
    survey.py               the users of one run: vectors, groups, words, and the measures that are printed
    neighbours.py           the two nearest users side by side: the words they share, what they wrote
    drawing.py              one map as a picture
    user_maps.py            all of it together, for one run
    results.py              writes the pictures, the table users/tsne.tsv and the page users/neighbours.md
    tSNE_visualization.py   the command `./run tsne`: flags and main; nothing imports it
"""
