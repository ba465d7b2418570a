"""`./run ablation`: what each part of the attention teaches, one added after another, on the sample corpus."""
import os

import command
import processes
import study
from assessment import tables
from command import UserError
from evaluation import comparison
from models import config as configs
from models import runs

# (what is switched, the settings that it adds to the line above, what the line teaches)
ADDED = (
    ("as drawn, noise for word vectors", {"word_start": "random"},
     "the rating error alone never trains the attention: chance"),
    ("+ own-review loss among the item's reviews, the id asks",
     {"own_review_loss": 1., "own_review_negatives": "item"},
     "a teacher without labels is what attention was missing"),
    ("+ id and text ask, cosine, the batch's texts and askers as negatives",
     {"attention_query": "id+text", "attention_score": "cosine", "temperature": 4., "query_id_keep_prob": .2,
      "own_review_negatives": "item+batch+askers"},
     "what a shopper wrote says more than an id; ratings follow later"),
    ("+ word2vec start", {"word_start": "given"}, "words that mean alike start alike"),
    ("+ dropout on what the attention reads", {"attention_keep_prob": .65}, "own reviews are not memorised"),
    ("+ offsets without the own rating, votes in stars", {"offsets": "leave_one_out", "review_votes": True},
     "weighed residual stars are what lowers the rating error"),
    ("+ bag of words: fixed LSI, lexical skip, both less what anybody writes",
     {"attention_dim": 128, "attention_bag": True, "lexical_skip": True, "centred_likeness": True},
     "nothing to gain on this corpus, and nothing lost"),
)
FLIPPED = (
    ("default: + usefulness to anybody", {}, "the page says what is worth reading to anybody, at no cost"),
    ("default without the own-review loss", {"own_review_loss": 0.}, "the words alone; nothing taught"),
    ("default, the id alone asks", {"attention_query": "id", "lexical_skip": False}, "no word of the shopper"),
    ("default, the id is never dropped", {"query_id_keep_prob": 1.},
     "no harm: an id starts at zero and learns slowly"),
    ("default, likeness not less what anybody writes", {"centred_likeness": False},
     "no difference here; on Musical Instruments it costs retrieval, see below"),
)
COLUMNS = ("planted_auc", "planted_auc_shown", "planted_auc_swapped", "planted_precision_at_3")


def trials(seeds, epochs):
    """[(label, what it teaches, [Trial of each seed])]."""
    lines, settings = [], {}
    for number, (label, added, lesson) in enumerate(ADDED + FLIPPED, 1):
        cumulative = number <= len(ADDED)
        settings = dict(settings, **added) if cumulative else added
        lines.append((label, lesson, [
            study.Trial(f"{number:02d}-{seed}", "drawing" if cumulative else configs.DEFAULT,
                        dict(settings, seed=seed, epochs=epochs))
            for seed in seeds]))
    return lines


def table(lines, reports):
    """Lines of Markdown. `reports` holds a report a trial, in their order."""
    rows = ["| | planted AUC | shown | swapped | precision@3 | test RMSE | what it teaches |",
            "|---|---|---|---|---|---|---|"]
    reports = iter(reports)
    for label, lesson, group in lines:
        found = [next(reports) for _ in group]
        cells = [tables.spread([report["explanation"][name] for report in found], 3) for name in COLUMNS]
        cells.append(tables.spread([report["ratings"][comparison.OURS]["rmse"] for report in found], 3))
        rows.append(f"| {label} | {' | '.join(cells)} | {lesson} |")
    return rows


def parse_args(argv=None):
    parser = study.parser_of("./run ablation", __doc__, "ablation", seeds=1, epochs=10)
    parser.add_argument("--data", default="sample", help="name of a sample corpus in --data_dir, or its folder")
    args = study.parse(parser, argv)
    args.data = runs.data_folder(args.data, args.data_dir)
    if not os.path.exists(os.path.join(args.data, "truth.json")):
        raise UserError(f"--data {args.data}: no sample corpus with planted truth there; make one with ./run demo, "
                        "or ./run sample and ./run preprocess")
    return args


def main(argv=None):
    args = parse_args(argv)
    lines = trials(args.seeds, args.epochs)
    with processes.Children() as children:
        reports = study.measure(children, [trial for _, _, group in lines for trial in group], args.data, args.runs)
    rows = table(lines, reports)
    study.write(args.out, "ablation", rows, {"seeds": list(args.seeds), "epochs": args.epochs, "reports": reports})
    print("\n".join(rows))


if __name__ == "__main__":
    command.run(main)
