"""What the users of a corpus care about, from their reviews.

    corpus.py    the sentences of the training reviews, and which words they hold
    aspects.py   the aspects that reviews speak of: learned from the training text, and the tables of a run
    polarity.py  whether a sentence praises or criticises: learned from the stars
"""
