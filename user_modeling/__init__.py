"""What the users of a corpus care about, from their reviews.

    corpus.py    the sentences of the training reviews, and which words they hold
    words.py     which words may tell of an aspect; generic_words.py: those that never do
    clusters.py  groups these words by meaning and by who speaks of them: each group is an aspect
    given.py     aspects that a corpus brings along in a file
    assignment.py  from groups of words to weights that assign each sentence
    names.py     names and codes of aspects
    aspects.py   all of these in order: the tables of a run
    polarity.py  whether a sentence praises or criticises: learned from the stars
    rivals.py    LDA and k-means, whose coherence is compared
    groups.py    groups of users by what they speak of, with their number and names
    attention.py how much attention reviews receive from other users
    helpful_reviewers.py  who always writes helpful reviews, by that attention and by rivals
    nearest.py     the nearest other users of each user, by cosine
    neighbours.py  users who look for the same in reviews, and two of them side by side
    user_report/ all of it for one run, as tables and a page: `./run users`
"""
