"""What a text says by tables of aspects, sentence by sentence."""
from models.run_folder import aspect_reading
from preprocessing import vocabulary


def read(text, tables, words, tokeniser):
    """Returns (aspect_reading.Sentences, their Reading) of one text; `words` is the vocabulary of the tables."""
    found = aspect_reading.split([text], tokeniser, vocabulary.numbers(words))
    return found, aspect_reading.read(found, tables.word_aspect, tables.word_polarity)
