"""Reads the reviews of a corpus on the workers of Apache Spark; the result is the same to the byte.

Only reading is distributed: parsing, cleaning, splitting into words, and a first numbering. The driver joins the parts
in the order of the rows, so that ids and words have the numbers of their first appearance, and all later stages are
those of a single machine. Nothing here states a rule of its own: tasks call the functions that a single machine calls.

    reading.py    the stages: files -> chunks of lines -> parts -> the corpus
    pieces.py     what the tasks do, without Spark
    session.py    a SparkContext as a context; everything that can go wrong with it in one line
"""
