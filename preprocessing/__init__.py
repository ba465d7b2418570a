"""Turns raw review files into the artefact data/<name>/, all that training reads, without TensorFlow.

    artefact.py     the format of the artefact: its arrays and files, checked, saved and loaded
    catalogue.py    its SQLite database of items, users and review texts
    search/         the index in it by which the shop searches
    folding.py      texts without case and accents, for the search
    readers.py      raw files -> reviews and items
    reading/        the layouts of raw files, their values and their text
    spark/          reads reviews on the workers of Apache Spark, for corpora beyond one machine
    corpus/         a corpus that may be larger than the memory: numbers in arrays, words and texts in files
    summary/        what a person should know about a prepared corpus: log, meta.json, report.html
    split.py        80 / 10 / 10 for training, validation and test
    tokenise.py     a text -> words
    sentences.py    a text -> sentences, and the words of a sentence that are negated
    vocabulary.py   words -> word ids
    bag.py          word ids -> TF-IDF vectors
    vectors.py      word vectors (word2vec or a file) and topics (LSI)
    vector_files.py the formats of files of word vectors
    pipeline.py     all of these in order: raw reviews -> artefact and catalogue
    __main__.py     the command `./run preprocess`
    derive.py       an artefact -> one with another split or other texts, for experiments
    word_tables.py  the words of an artefact without its reviews, for the shop
    sample/         the generator of the sample corpus
    data.ipynb      the same steps as a notebook, with plots
"""
