"""What is shown to a shopper: ranked items, explained reviews, highlighted words, comparisons. No HTTP here.

    recommendation.py       the model server's answers as ranked items and weighed reviews
    reasons.py              why an item is ranked where it is: the parts of its score
    viewer.py               the one who looks at a page: a shopper of the data, a visitor with tastes, or nobody
    newcomer.py             a shopper without an id, described by texts and ratings
    wishes.py               what a visitor wants and avoids, as parts of the score of the items
    ranked_page.py          one page of ranked items: filters and paging
    quotes.py               the sentences that are quoted as praise and as a caveat, and the reviews that are shown
    cards.py                what a page shows of an item: one reason, praise, a caveat, labels of aspects
    item_page.py            the reviews of one item: aspects, filters, orders and pages
    word_contributions.py   what each word of a review adds to its personal score
    own_sentences.py        the shopper's own sentence that is most similar to a shown review
    review_highlights.py    highlighted words and own sentences of the top reviews
    comparison.py           one item for two shoppers: how the reviews move between their orders
    typed.py                what a visitor's typed text says: aspects, and words that the model does not know
    suggested_shoppers.py   shoppers to start with, whose words differ most; readable names
"""
