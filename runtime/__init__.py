"""The mechanisms that every other package uses. They do not depend on what is recommended.

    cli.py           commands: arguments, errors of one line, signals, log lines, stages
    files.py         files and folders that are written completely or not at all; checksums
    project.py       the root folder, and how a child process runs a module of the project
    processes.py     child processes that end with their parent; ports that are held for them
    parent_death.py  the signal to a child whose parent is killed
    sockets.py       listening sockets
    http_channel.py  connections of a web server: limits for one client
    jobs.py          steps of a long command that can be repeated and go on after a kill
    sources.py       the source files that a command uses, found by following its imports
    stages.py        stages of the demo: made again only if something their output depends on has changed
    memory.py        settings of the C library's memory allocator
    scratch.py       large arrays that are in a temporary file instead of the memory
    browser.py       starts Chromium for pictures and measurements of pages
    openmp.py        the setting of OpenMP's idle threads
    report/          HTML and plots of reports
    tf1.py           the only import of TensorFlow
"""
