"""A trained network that predicts in this process.

    trained.py      loads a run
    predictor.py    ratings, weights and scores of pairs
    encoded.py      reviews as the towers encode them, each once
    usefulness.py   what makes a review useful to all users, of all reviews
    personal.py     personal scores of all reviews for whole users
    catalogue_order.py  scores of all items, by which they are ordered, for whole users
    attribution.py  how much each review counts for a rating, by the gradient
    latents.py      users as vectors: before the attention, and as its queries
"""
