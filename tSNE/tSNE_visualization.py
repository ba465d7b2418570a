"""`./run tsne`: two maps of a run's users, before the attention layers and in them.

Writes the pictures, the maps as a table `users/tsne.tsv` of the run, and two neighbours with what they
wrote side by side, `users/neighbours.md`. Colours are groups by what users ask of reviews, the same in
both pictures, named by the words that tell their reviews apart.
"""
import csv
import os
import sys

if __name__ == "__main__" and not __package__:  # python tSNE/tSNE_visualization.py
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

from tSNE import drawing, groups, maps, neighbours  # noqa: E402
import command  # noqa: E402
from command import UserError  # noqa: E402
from models import latents, runs, trained  # noqa: E402
from preprocessing import catalogue  # noqa: E402

PICTURES = ("tSNE_before_attention.png", "tSNE_in_attention.png")
TITLES = ("Users before the attention layers", "Users in the attention layers")
COLUMNS = ("user_id", "before_x", "before_y", "attention_x", "attention_y", "group", "group_words")
FEWEST = 5  # users worth a map


def parse_args(argv=None):
    parser = command.Parser("./run tsne", description=__doc__.splitlines()[0])
    parser.add_argument("--run", help="name or folder of the run; the latest by default")
    parser.add_argument("--runs", default=runs.RUNS, help="folder of all runs")
    parser.add_argument("--out", default="figures", help="folder of the pictures")
    parser.add_argument("--perplexity", type=float, default=30., help="neighbours that a user minds")
    parser.add_argument("--groups", type=int, help="of users; by default as many as part them best, or "
                        f"{groups.FALLBACK} where no number does")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(argv)
    if not 1 <= args.perplexity < 1e6:
        parser.error(f"--perplexity {args.perplexity}: give a number from 1")
    if args.groups is not None and args.groups not in groups.COUNTS:
        parser.error(f"--groups {args.groups}: give {groups.COUNTS[0]} to {groups.COUNTS[-1]}")
    if not 0 <= args.seed < 2 ** 32:
        parser.error(f"--seed {args.seed}: give a number from 0 to 4294967295")
    return args


def measures(run, vectors, silhouettes, count, seed):
    """Whether groups are real, as lines of text.

    Args:
      run: Trained.
      vectors: of unit length, before and in attention [2][U, ..].
      silhouettes: of the same groups before and in attention.
      count: number of groups.
    """
    yield (f"{count} groups by what users ask of reviews: silhouette {silhouettes[1]:.2f} in the attention layers, "
           f"{silhouettes[0]:.2f} before them ({verdict(silhouettes[1])})")
    few = min(groups.NEIGHBOURS, len(vectors[0]) - 1)
    for name, side in zip(("before", "in"), vectors):
        near, every = groups.held_out_likeness(run.artefact, run.corpus.bags, maps.nearest(side, few), seed)
        yield (f"{name} the attention layers, a user's {few} nearest users write {near / max(every, 1e-12):.2f} times "
               "as like the user's validation reviews as all users do")


def verdict(silhouette):
    """What a silhouette in the attention layers says."""
    return "groups are real" if silhouette >= groups.REAL else f"below {groups.REAL}: no real groups, mere regions"


def replace(path, write):
    """Makes a file anew, whole or not at all: `write` gets the path of a draft."""
    draft = os.path.join(os.path.dirname(path), ".draft-" + os.path.basename(path))
    try:
        write(draft)
        os.replace(draft, path)
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror}); make room, or give another folder"
                        ) from error
    finally:
        if os.path.exists(draft):
            os.remove(draft)


def write_table(path, user_ids, points, group, words):
    """Writes both maps [2][U, 2] as tab-separated columns; see COLUMNS."""
    with open(path, "w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, delimiter="\t", lineterminator="\n")
        table.writerow(COLUMNS)
        for user, user_id in enumerate(user_ids):
            places = [f"{value:.4f}" for side in points for value in side[user]]
            table.writerow([user_id] + places + [group[user] + 1, ", ".join(words[group[user]])])


def write_text(path, text):
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


def folder(path):
    """Makes a folder where there is none."""
    try:
        os.makedirs(path, exist_ok=True)
    except OSError as error:
        raise UserError(f"{path}: cannot be made ({error.strerror}); give a folder that can be written"
                        ) from error
    return path


def main(argv=None):
    args = parse_args(argv)
    run_folder = runs.folder_of(args.run or runs.latest(args.runs), args.runs)
    run = trained.load(run_folder)
    count = len(run.artefact.user_reviews)
    if count < FEWEST:
        raise UserError(f"{run_folder}: {count} users are too few for a map; train on {FEWEST} or more")
    out, users = folder(args.out), folder(os.path.join(run_folder, "users"))
    names = catalogue.connect(os.path.join(run.data_folder, "catalogue.sqlite"))
    user_ids = [row[0] for row in names.execute("SELECT user_id FROM users ORDER BY user")]
    vectors = [maps.unit(side) for side in latents.of_users(run)]
    perplexity = maps.allowed_perplexity(args.perplexity, count)
    if perplexity < args.perplexity:
        command.log.info("%d users: perplexity lowered from %g to %.3g", count, args.perplexity, perplexity)
    with command.stage("groups"):
        number = min(args.groups or groups.choose_count(vectors[1], args.seed), groups.most_groups(count))
        group = groups.cluster(vectors[1], number, args.seed)
        words = groups.telling_words(run.artefact, run.corpus.bags, group)
        silhouettes = [groups.silhouette(side, group, args.seed) for side in vectors]
    with command.stage("maps"):
        points = [maps.tsne(side, perplexity, args.seed) for side in vectors]
    about = (f"run {os.path.basename(os.path.abspath(run_folder))} on {run.record['data']}: "
             f"{count:,} users, t-SNE of perplexity {perplexity:.3g}")
    for place, (name, title) in enumerate(zip(PICTURES, TITLES)):
        captions = about, f"{number} groups of users, the same in both maps: silhouette {silhouettes[place]:.2f} here"
        replace(os.path.join(out, name), lambda path: drawing.draw(
            path, points[place], group, words, title, captions, named_in_map=place == 1))
    replace(os.path.join(users, "tsne.tsv"),
            lambda path: write_table(path, user_ids, points, group, words))
    pair = maps.closest_pair(vectors[1], neighbours.active(run.artefact))
    found = neighbours.find(run.artefact, run.corpus.bags, names, pair[:2], pair[2])
    replace(os.path.join(users, "neighbours.md"),
            lambda path: write_text(path, neighbours.markdown(found)))
    for line in measures(run, vectors, silhouettes, number, args.seed):
        print(line)
    print("\n" + neighbours.plain(found))
    command.log.info("%s", ", ".join([os.path.join(out, name) for name in PICTURES]
                                     + [os.path.join(users, name) for name in ("tsne.tsv", "neighbours.md")]))


if __name__ == "__main__":
    command.run(main)
