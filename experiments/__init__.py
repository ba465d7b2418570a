"""Many runs that answer one question: comparisons of all models, the ablation, the search; and the demo.

Four words, each with one meaning:

- A *study* is all runs that answer one question on one corpus, in one folder, with the tables and plots made of them.
- A *trial* is one run of a study or of a search: a preset and settings, trained once (and, in a study, evaluated).
- A *job* is one step of a long command that can be repeated: it makes what is missing and keeps what exists. Training
  a trial, deriving a split or fitting a baseline is a job (`runtime/jobs.py`).
- A *stage* is a job of the demo, made again when anything that decides its output has changed (`runtime/stages.py`).

    flags.py        the flags that the commands of studies share
    study.py        trials: trained and evaluated by the commands of this project, resumed after a kill
    pairs.py        what an evaluation measured, pair by pair
    peers.py        SVD and SVD++ of scikit-surprise, fitted to the ratings
    pooled.py       the seeds of a study together: means, differences and their intervals
    comparison.py   the study of `./run results`: splits, grids, the choice of settings, the record
    ablation.py     the study of `./run ablation`: its variants, differences and table
    tables.py       the tables of a comparison as Markdown, with sentences
    plots.py        the plots of a study, and the overview of several
    records.py      the files of a study's results: written, read, and made anew from a record
    trials.py       one trial of `./run search`: its draws, its early stop, its training
    search.py       the search: its folder, its trials, the best of them
    demo.py         the stages of `./run demo`, and the start of its servers
    grids/          the settings that a comparison tries, a file for each model
"""
