"""Presents the evaluation of one run: as a page without scripts, and as a table for a terminal.

The HTML elements and the charts are those of `runtime/report/`.

    page.py      the page: the four numbers that matter, plots, tables, absent measures, ten examples
    cards.py     which four numbers, each with its rivals and a sentence on what 0 and chance mean
    plots.py     the plots of the page
    tables.py    the tables of the page
    aspects.py   the rows on aspects, for the page and the terminal
    terminal.py  the table for a terminal
"""
