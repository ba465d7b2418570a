"""What a person should know about a prepared corpus: in the log, in `meta.json` and as the page `report.html`.

    coverage.py       what of a corpus is covered by metadata and by the tokeniser; texts that several users share
    distributions.py  stars, reviews of a user and of an item, words of a review; what the caps cut
    page.py           the page, and the warnings that it shares with the log
"""
