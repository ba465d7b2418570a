"""What the network reads, and simple models of the ratings.

    features.py      from pairs of users and items to the arrays that the network reads
    review_slots.py  which reviews of a user or an item it reads
    bags.py          TF-IDF bags of reviews, and products of them
    other_reviews.py  how similar reviews are to the other reviews of their item
    expected_words.py  the words that are expected in the next review of an item
    baselines.py     damped offsets, which the network builds on, and matrix factorisation
"""
