"""The mechanisms that every other package uses. They know nothing of recommendation.

    cli.py        commands: arguments, errors of one line, signals, log lines, stages
    files.py      files and folders that are written completely or not at all; checksums
    project.py    the root folder, and how a child process runs a module of the project
    processes.py  child processes that end with their parent; ports that are held for them
    sockets.py    listening sockets
    stages.py     outputs that are made again only if something they depend on has changed
    memory.py     settings of the C library's memory allocator
    tf1.py        the only import of TensorFlow
"""
