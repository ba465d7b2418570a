"""What preprocessing costs.

    raw_reviews.py   raw files of artificial reviews
    preprocess.py    time and memory of preprocessing
    words.py         word vectors by word2vec and from counts
"""
