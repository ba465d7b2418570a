"""What the reports of data sets and of runs are made of: self-contained HTML without scripts, and plots.

    markup.py    HTML elements; all text is escaped here
    charts.py    matplotlib figures for pages and for results of many runs
"""
