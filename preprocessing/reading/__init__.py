"""Reads raw files of reviews and of item metadata, whatever their layout; `preprocessing/readers.py` is the door.

    opening.py      the bytes of a file: compression, archives, standard input, a limit for decompression bombs
    lines.py        its lines with exact numbers; a line over 10 MB is dropped and counted
    layouts.py      what a file is, from its first bytes; a file that cannot be read is refused by what it is
    json_text.py    the records of JSON lines, JSON arrays, pretty-printed JSON and Python literals
    tables.py       the records of CSV, TSV and Parquet
    columns.py      the names that columns have in published data sets: the one owner of that table
    fields.py       the review or the item of a record, from the columns that hold its fields
    values.py       the values of a record: ids, stars, times, votes, prices
    clean.py        the text of a review or an item, as everybody reads it
    progress.py     how much of the files is read, and the time left
    tally.py        what was dropped, absent or unreadable, counted while reading
"""
