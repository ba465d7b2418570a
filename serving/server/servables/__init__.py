"""What the embedded model server serves: models, their versions, and loaded SavedModels.

    models.py           all models by name, and the labels of their versions
    versions.py         the versions of one model: watches its folder, loads and unloads
    version_folders.py  the version folders on disk, and the policies that select among them
    saved_model.py      one loaded version: runs its signatures
    costs.py            what a request to an export of this project costs
    work.py             the limit for one request, and the order of expensive ones
    background.py       a thread of low priority for them
    batching.py         runs small requests of one signature together
    warmup.py           replays the warm-up requests that a version contains
"""
