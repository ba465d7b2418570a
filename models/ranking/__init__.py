"""Models that rank the catalogue by purchases and texts, without the network: rivals of the network, and its parts.

They are fitted to training pairs and training reviews only, and import no TensorFlow.

    held_out.py   users, their held-out items and their training items: what a ranking is measured on
    item_item.py  item-item matrices from purchases: ItemKNN, RP3beta, EASE, text-EASE
    texts.py      users and items as mean TF-IDF vectors of their training reviews
    content.py    items whose reviews are like the reviews of the user
    factors.py    latent factors by the optional package `implicit`: iALS and BPR
    evidence.py   how strongly an item's reviews speak to a user and for it, from the personal scores of the attention
    praise.py     whether an item's reviews praise the aspects that the user writes about
    evidence_forms.py  the forms of the evidence, with its verdict and praise, among which validation items choose
    slopes.py     evidence near the scores of a typical user, as an inner product of user and item
    blend.py      the order of items: evidence, purchases and popularity, chosen on validation items
    weights.py    the weights of these parts, chosen on validation items
    rivals.py     all of them by name, each with the setting that ranks best on validation items
"""
