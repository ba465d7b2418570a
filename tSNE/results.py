"""Writes user maps: pictures, tables, the interactive page, files for the TensorBoard projector, and the evidence.

Everything is made in memory before the first file is written, so that an error leaves no half of the files.
"""
import io
import json
import os
from contextlib import contextmanager

from models.run_folder import layout, users_table
from runtime import files
from runtime.cli import UserError
from tSNE import colours, drawing, evidence, neighbours, projector
from tSNE.page import content, writing

PICTURES = ("tSNE_before_attention", "tSNE_in_attention")
KINDS = ("png", "svg")
TITLES = ("Users before the attention layers", "Users in the attention layers")
SIDES = ("before", "attention")


def pictures(made, kinds=KINDS):
    """Returns {name of the file: bytes} of both maps of UserMaps."""
    drawn = {}
    for place, name in enumerate(PICTURES):
        for kind in kinds:
            out = io.BytesIO()
            drawing.draw(out, made.points[place], made.colouring, TITLES[place], _captions(made, place),
                         named_in_map=place == 1, kind=kind)
            drawn[f"{name}.{kind}"] = out.getvalue()
    return drawn


def _captions(made, place):
    """The lines below the title of a map: what it is of, what the colours are, and whether they lie together."""
    name, last = made.colouring.name, made.colouring.in_words
    near = made.evidence["spaces"][SIDES[place]].get(name)
    if name == colours.GROUP:
        last += f": silhouette {made.survey.silhouettes[place]:.2f} here"
    elif near:
        last = (f"dominant aspect: the same in {near['value']:.0%} of the nearest users "
                f"({made.evidence[evidence.CHANCE][name]:.0%} by chance)")
    return made.caption, last


def tables(made):
    """Returns {path in the folder of the run: bytes} of all files but the pictures of UserMaps."""
    texts = {layout.USERS_MAP: _table(made), layout.NEIGHBOURS: neighbours.markdown(made.nearest),
             layout.CLUSTERS: json.dumps(made.evidence, indent=1, sort_keys=True) + "\n",
             layout.CLUSTERS_PAGE: evidence.page(made.evidence, made.caption),
             layout.TENSORS: projector.tensors(made.survey.vectors[1]),
             layout.METADATA: projector.metadata(made.user_ids, made.colourings)}
    written = {path: text.encode("utf-8", "backslashreplace") for path, text in texts.items()}
    written[layout.MAP_PAGE] = writing.page(content.of_maps(made))
    return written


def write(folder, contents):
    """Writes {path in a folder: bytes}; returns the paths. Raises UserError."""
    paths = []
    for name, data in contents.items():
        paths.append(os.path.join(folder, name))
        with output(paths[-1]) as out:
            out.write(data)
    return paths


def _table(made):
    """Returns the text of the table of both maps."""
    before, attention = made.points
    groups = made.survey.group
    return users_table.text(
        users_table.Row(user_id, *before[user], *attention[user], groups[user] + 1,
                        ", ".join(made.survey.names[groups[user]]))
        for user, user_id in enumerate(made.user_ids))


@contextmanager
def output(path):
    """Yields a binary file that becomes `path`, whole or not at all. Makes its folder. Raises UserError."""
    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with files.written(path) as out:
            yield out
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror}); choose a folder that can be written to"
                        ) from error
