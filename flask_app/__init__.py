"""The shop: ranked items for a shopper and, for each item, the few reviews that matter to this shopper. No TensorFlow.

    __main__.py     the command: flags, listening sockets, processes
    application.py  the Flask application, put together
    views/          the addresses: pages and JSON
    recommending/   what is shown to a shopper
    storage/        what is read from disk: run and catalogue
    web/            what every page needs: text formatting, headers, log lines, limits
    templates/      HTML: base.html around every page; parts.html and ranked_items.html are shared
    static/         style sheet and icon
    run.sh          starts the shop from any folder

Imports go from views to recommending, storage and web, in this order, never back.
"""
