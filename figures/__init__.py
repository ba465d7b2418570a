"""Draws the pictures of the documents: `./run figures`.

    __main__.py       the command: which pictures, of which run, into which folder
    boxes.py          boxes and arrows, the style that both drawings share
    architecture.py   DNN_architecture.png: the network, drawn from the graph of a run
    pipeline.py       ML_pipeline.png: the packages, and the files between them
    screenshots.py    webapp*.png: pages of the shop, taken by a browser
    visit.py          webapp.gif: a visit to the shop
"""
