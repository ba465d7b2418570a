"""The attention network: its configuration, layers, training, and use once it is trained. docs/model.md explains it.

    config.py      every switch of the network and its training, and the presets
    config_json.py a configuration as JSON, in the files of runs and searches
    deeprecsys.py  the network: from the inputs of a batch to ratings and attention weights
    network/       its layers, its towers and the fast text encoder
    graph.py       the network in a TensorFlow graph: placeholders, feeding, the session
    inputs/        from pairs of users and items to the arrays that the network reads; rating baselines
    training/      losses, optimiser, epochs, calibration
    run_folder/    the folder of a run: its files, checkpoints and state; works without TensorFlow
    ranking/       the order of items for a user, and the models it is compared with; works without TensorFlow
    inference/     a trained network that predicts in this process
    export/        a run as a SavedModel for TensorFlow Serving
"""
