"""What the network reads, and simple models of the ratings.

    features.py   from pairs of users and items to the arrays that the network reads
    baselines.py  damped offsets, which the network builds on, and matrix factorisation
"""
