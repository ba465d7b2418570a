"""What every page needs: text formatting, pictures, headers, log lines, limits. It imports no other part of the shop.

    render.py              how values become text: the template filters
    folding.py             words without regard to case and accents, for search
    graphemes.py           where a text may be cut or marked
    fragments.py           caches pieces of a page that are the same for every shopper
    item_picture.py        the pattern that is drawn where an item has no picture
    raw_ids.py             an id of the raw data as a part of an address
    headers.py             the headers of every answer
    host_names.py          by which names the shop may be addressed
    request_log.py         one log line for each request, and its id
    metrics.py             counts and durations of requests, for Prometheus
    rate_limit.py          how often one address may send costly requests
    model_version.py       the line in the footer: which version of the model answers
    patient_client.py      the model server's clients, which wait longer while a version is loaded
    connections.py         limits for one client, polite refusals, shares of several processes
    worker_processes.py    the processes that make pages, each started again when it ends
"""
