"""`./run tsne`: two maps of a run's users, before the attention layers and in them.

Writes the pictures, and in the run's folder the maps as a table `users/tsne.tsv` and two neighbours
with what they wrote side by side, `users/neighbours.md`. Colours are groups by what users ask of
reviews, the same in both pictures, named by the words that tell their reviews apart.
"""
import csv
import os
import sys
from typing import NamedTuple

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # before numpy: spinning threads slow t-SNE tenfold on few cores
if __name__ == "__main__" and not __package__:  # python tSNE/tSNE_visualization.py
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

import numpy as np  # noqa: E402

from models.inference import latents, trained
from models.run_folder import runs  # noqa: E402
from preprocessing import catalogue  # noqa: E402
from runtime import cli  # noqa: E402
from runtime.cli import UserError  # noqa: E402
from tSNE import drawing, groups, maps, neighbours  # noqa: E402

PICTURES = ("tSNE_before_attention.png", "tSNE_in_attention.png")
TITLES = ("Users before the attention layers", "Users in the attention layers")
COLUMNS = ("user_id", "before_x", "before_y", "attention_x", "attention_y", "group", "group_words")
FEWEST = 5  # users worth a map


def parse_args(argv=None):
    parser = cli.Parser("./run tsne", description=__doc__.splitlines()[0])
    parser.add_argument("--run", help="name or folder of the run; the latest by default")
    parser.add_argument("--runs", default=runs.RUNS, help="folder of all runs")
    parser.add_argument("--out", default="figures", help="folder of the pictures")
    parser.add_argument("--perplexity", type=float, default=30., help="neighbours a user minds")
    parser.add_argument("--groups", type=int, help="of users; by default as many as part them "
                        f"best, or {groups.FALLBACK} where no number does")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(argv)
    if not 1 <= args.perplexity < 1e6:
        parser.error(f"--perplexity {args.perplexity}: give a number from 1")
    if args.groups is not None and args.groups not in groups.COUNTS:
        parser.error(f"--groups {args.groups}: give {groups.COUNTS[0]} to {groups.COUNTS[-1]}")
    if not 0 <= args.seed < 2 ** 32:
        parser.error(f"--seed {args.seed}: give a number from 0 to 4294967295")
    return args


class Survey(NamedTuple):
    """Users of a run, grouped by what they ask of reviews. Pairs: before the attention, in it."""
    vectors: tuple  # pair of [U, ..], of unit length
    group: np.ndarray  # [U] from 0
    scores: np.ndarray  # [V, G] how well words tell groups
    words: list  # [G] tuples of words
    silhouettes: tuple  # pair, of the same groups


def survey(run, count, seed):
    """The Survey of a run (Trained); `count` groups, None for as many as part the users best."""
    vectors = tuple(maps.unit(side) for side in latents.of_users(run))
    count = min(count or groups.choose_count(vectors[1], seed), groups.most_groups(len(vectors[1])))
    group = groups.cluster(vectors[1], count, seed)
    scores = groups.telling_scores(run.artefact, run.corpus.bags, group)
    return Survey(vectors, group, scores, groups.telling_words(run.artefact, scores),
                  tuple(groups.silhouette(side, group, seed) for side in vectors))


def measures(run, found, seed):
    """Whether groups are real, as text."""
    before, inside = found.silhouettes
    verdict = "real groups" if inside >= groups.REAL else f"below {groups.REAL}: no real groups"
    few = min(groups.NEIGHBOURS, len(found.group) - 1)
    ratios = []
    for side in found.vectors:
        near, every = groups.held_out_likeness(run.artefact, run.corpus.bags,
                                               maps.nearest(side, few), seed)
        ratios.append(near / max(every, 1e-12))
    return (f"{len(found.words)} groups by what users ask of reviews: silhouette {inside:.2f} in "
            f"the attention layers ({verdict}), {before:.2f} before them\n"
            f"a user's validation reviews are {ratios[1]:.2f} times as like what the {few} nearest "
            "users in the attention layers wrote as what all users wrote; before them "
            f"{ratios[0]:.2f} times")


def draw(out, found, points, about):
    """Draws both maps [2][U, 2] into the folder `out`; returns the paths."""
    paths = [os.path.join(out, name) for name in PICTURES]
    for place, path in enumerate(paths):
        captions = about, (f"{len(found.words)} groups of users, the same in both maps: "
                           f"silhouette {found.silhouettes[place]:.2f} here")
        replace(path, lambda draft: drawing.draw(draft, points[place], found.group, found.words,
                                                 TITLES[place], captions, named_in_map=place == 1))
    return paths


def write_table(path, user_ids, found, points):
    """Writes both maps [2][U, 2] as tab-separated columns; see COLUMNS."""
    with open(path, "w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, delimiter="\t", lineterminator="\n")
        table.writerow(COLUMNS)
        for user, user_id in enumerate(user_ids):
            places = [f"{value:.4f}" for side in points for value in side[user]]
            group = found.group[user]
            table.writerow([user_id] + places + [group + 1, ", ".join(found.words[group])])


def write_text(path, text):
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


def replace(path, write):
    """Makes a file anew, whole or not at all: `write` gets the path of a draft."""
    draft = os.path.join(os.path.dirname(path), ".draft-" + os.path.basename(path))
    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        write(draft)
        os.replace(draft, path)
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror}); give a folder that can"
                        ) from error
    finally:
        if os.path.exists(draft):
            os.remove(draft)


def main(argv=None):
    args = parse_args(argv)
    run_folder = runs.folder_of(args.run or runs.latest(args.runs), args.runs)
    run = trained.load(run_folder)
    count = len(run.artefact.user_reviews)
    named = neighbours.active(run.artefact)
    if count < FEWEST or len(named) < 2:
        raise UserError(f"{run_folder}: {count} users, {len(named)} of them with several reviews, "
                        f"are too few to map; train on {FEWEST} or more")
    names = catalogue.of(run.data_folder)
    perplexity = maps.allowed_perplexity(args.perplexity, count)
    if perplexity < args.perplexity:
        cli.log.info("%d users: perplexity lowered from %g to %.3g", count, args.perplexity,
                     perplexity)
    with cli.stage("groups"):
        found = survey(run, args.groups, args.seed)
    with cli.stage("maps"):
        points = [maps.tsne(side, perplexity, args.seed) for side in found.vectors]
    *pair, cosine = maps.closest_pair(found.vectors[1], named)
    near = neighbours.find(run.artefact, found.scores[:, found.group[pair]].mean(1), names, pair,
                           cosine)
    user_ids = [row[0] for row in names.execute("SELECT user_id FROM users ORDER BY user")]
    names.close()
    paths = draw(args.out, found, points, f"run {os.path.basename(os.path.abspath(run_folder))} on "
                 f"{run.record['data']}: {count:,} users, t-SNE of perplexity {perplexity:.3g}")
    paths += [os.path.join(run_folder, name) for name in (runs.USERS_MAP, runs.NEIGHBOURS)]
    replace(paths[-2], lambda draft: write_table(draft, user_ids, found, points))
    replace(paths[-1], lambda draft: write_text(draft, neighbours.markdown(near)))
    print(measures(run, found, args.seed) + "\n\n" + neighbours.plain(near))
    cli.log.info("%s", ", ".join(paths))


if __name__ == "__main__":
    cli.run(main)
