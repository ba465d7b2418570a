"""Generates the sample corpus: reviews of a toy shop, and the planted truth that explains every rating.

    corpus.py        the whole corpus: its arguments, its three files, the command `./run sample`
    shop.py          the numbers: who reviewed which toy on which day, with how many stars
    taste.py         purchases that follow the taste of the users, and the popularity of the items
    writer.py        the text of one review, sentence by sentence
    aspect_files.py  the product aspects, read from the text files in aspects/
    grammar.py       all other words: names, people, openings, verdicts, headlines
    hard.py          what makes a corpus hard: unequal cares, reviews off the taste, shared words, typos, ...
    hard_phrases.py  the phrases that only a hard corpus has
    phrases.py       templates: choices, slots, articles
    records.py       reviews and metadata in the layout of Amazon 2014
    __main__.py      starts the command
"""
