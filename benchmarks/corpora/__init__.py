"""What preprocessing costs, and the whole chain.

    raw_reviews.py   raw files of artificial reviews
    preprocess.py    time and memory of preprocessing
    chain.py         time and memory of all commands, from raw reviews to the shop
    words.py         word vectors by word2vec and from counts
    texts.py         which description of a review finds the own review of a user
"""
