"""A corpus that may be larger than the memory: numbers in arrays, words and texts in files without a name.

    spool.py       files without a name: rows of numbers, and texts
    collector.py   takes reviews one by one, and gives the corpus of all
    numbered.py    the corpus: users, items, ratings and times as arrays; words and texts row by row
    repeated.py    which of the reviews of the same user and item is kept
    counted.py     word vectors from counts of words that are near each other
    token_rows.py  the word ids of an artefact, computed in pieces; its documents as words
"""
