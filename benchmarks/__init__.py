"""Measurements of what training, export, serving and the shop cost (`./run bench`).

    __main__.py          `./run bench`: the list of benchmarks
    flags.py             checks of the flags that the benchmarks share
    report.py            printed results, progress, and the JSON file of --out
    separate_process.py  runs a measurement in its own process
    process_memory.py    memory of a running process and of those that it has started
    shapes.py            artificial corpora with the sizes of real ones
    random_run.py        a run with random weights on such a corpus
    random_order.py      an order of items at random for it
    random_catalogue.py  its catalogue, and aspects of its reviews
    corpora/             what preprocessing costs
    training/            speed and memory of training
    serving/             export, model server, and other versions of TensorFlow
    slow_clients.py      a running shop beside slow connections
    kill.py              what is left of processes that are killed
    shoppers.py          clients of a running shop, and the addresses of its pages
    shop.py              speed and size of the pages of the shop
    users.py             speed and memory of what is said of users
    user_map.py          frames per second of the interactive map of users
"""
