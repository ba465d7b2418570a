"""The users' attention queries as files for the Embedding Projector of TensorBoard.

`U` users, `A` attention dimension. The projector reads tab-separated values: a line of numbers for each user, and
a line of labels for each user below a line with their names (tensorflow.org/tensorboard/tensorboard_projector_plugin).
"""
import numpy as np


def tensors(vectors):
    """Returns the text of tensors.tsv: the vectors [U, A], a line each."""
    return "".join("\t".join(f"{value:.5g}" for value in row) + "\n" for row in vectors)


def metadata(user_ids, colourings):
    """Returns the text of metadata.tsv: the id of each user, and a column for each Colouring of {name: Colouring}."""
    columns = [("user_id", user_ids)] + [(name, _values(one)) for name, one in colourings.items()]
    rows = [[name for name, _ in columns]] + list(zip(*(values for _, values in columns)))
    return "".join("\t".join(_plain(value) for value in row) + "\n" for row in rows)


def _values(colouring):
    if colouring.labels:
        return [colouring.labels[value] if value >= 0 else "" for value in colouring.values]
    return [f"{value:.4g}" if np.isfinite(value) else "" for value in colouring.values]


def _plain(value):
    """The value as one line without tabs."""
    return " ".join(str(value).split())
