"""What is evaluated: a trained run, or the scores of any other system in a file. Both answer the same questions.

    sample.py       the test pairs of a part of the users alone
    pairs.py        which pairs an evaluation asks about, and the answers by user, item and author
    system.py       a trained run, which computes its answers
    table.py        files of pairs and answers, written and read
    submission.py   the answers of a file
"""
