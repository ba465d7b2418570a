"""The search index of a catalogue: which training reviews, and which titles, hold a word.

    index.py  the tables of the index, and how they are written
"""
