"""The users of a run for analysts: groups, helpful reviewers and neighbours together, as tables and one page.

    survey.py      all of it for one run
    held_out.py    whether held-out reviews of a group speak of its aspects
    votes.py       whether votes agree with who is said to write helpful reviews
    reviewers.py   the list of helpful reviewers, with evidence
    tables.py      CSV and Parquet tables, and the record users.json
    page.py        report.html: plots first
    folder.py      writes the folder runs/NAME/users/ whole or not at all
    terminal.py    what the command prints
"""
