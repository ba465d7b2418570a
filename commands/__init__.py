"""The commands of `./run` that belong to no other package: each file holds parse_args and main, and calls a package.

    demo.py         ./run demo: from raw reviews to a shop in the browser
    list_runs.py    ./run runs: all runs side by side
    calibrate.py    ./run calibrate: a new run of the best epoch of a run, calibrated once more
    order.py        ./run order: how a run orders items, chosen once more
    aspects.py      ./run aspects: what the reviews of a run speak of
    users.py        ./run users: groups of users, helpful reviewers, neighbours
    evaluate.py     ./run evaluate: errors and explanations of a run on the test split
    pairs.py        ./run pairs: what an evaluation asks of any system, as a table
    explain.py      ./run explain: the reviews that matter to a user, on the terminal
    results.py      ./run results: all models on one corpus or more, over several seeds
    ablation.py     ./run ablation: what each part of the network adds
    search.py       ./run search: random search of a configuration on validation data
    recsys.py       the console command `recsys`, which `pip install -e .` installs: ./run with that interpreter

The other commands are `train.py`, `tensorflow_serving.py` and the packages' own `__main__` modules.
"""
