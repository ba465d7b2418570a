"""Writes user maps: two pictures, the table of both maps, and the page with the two nearest users."""
import os
from contextlib import contextmanager

from models.run_folder import layout, users_table
from runtime import files
from runtime.cli import UserError
from tSNE import drawing, neighbours

PICTURES = ("tSNE_before_attention.png", "tSNE_in_attention.png")
TITLES = ("Users before the attention layers", "Users in the attention layers")


def write_pictures(folder, made):
    """Draws both maps of UserMaps into a folder; returns the paths. Raises UserError."""
    survey, paths = made.survey, [os.path.join(folder, name) for name in PICTURES]
    for side, path in enumerate(paths):
        captions = made.caption, (f"{len(survey.words)} groups of users, the same in both maps: "
                                  f"silhouette {survey.silhouettes[side]:.2f} here")
        with output(path) as out:
            drawing.draw(out, made.points[side], survey.group, survey.words, TITLES[side], captions,
                         named_in_map=side == 1)
    return paths


def write_tables(run_folder, made):
    """Writes the table and the page of UserMaps into the run's folder; returns the paths. Raises UserError."""
    paths = [os.path.join(run_folder, name) for name in (layout.USERS_MAP, layout.NEIGHBOURS)]
    for path, text in zip(paths, (_table(made), neighbours.markdown(made.nearest))):
        with output(path) as out:
            out.write(text.encode("utf-8"))
    return paths


def _table(made):
    """Returns the text of the table of both maps."""
    before, attention = made.points
    groups = made.survey.group
    return users_table.text(
        users_table.Row(user_id, *before[user], *attention[user], groups[user] + 1,
                        ", ".join(made.survey.words[groups[user]]))
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
