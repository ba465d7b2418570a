"""The addresses of the shop: each view reads a request and answers with a page, or with JSON.

    start.py          the start page, with its proof that pages are personal; the search for items
    pages.py          a shopper's ranked items; an item; an item beside another shopper; health
    profile.py        a shopper's profile: own reviews, neighbours, how much the model knows
    your_tastes.py    the page "Your tastes": a ranking from tastes in the address, or from texts and ratings
    form_request.py   requests: of the kinds of forms, only the one that the pages send is read
    newcomer_form.py  reads the form of that page
    about.py          the page "About this model", a model card
    measured.py       what that page says of the order of reviews, beside rules
    api.py            the numbers of the pages as JSON
    openapi.py        the OpenAPI document of api.py
    viewers.py        who looks at a page: a shopper's id or a visitor's tastes in an address
    request_data.py   what a view needs: catalogue, model server, word scorer; shoppers and items by their ids
    arguments.py      reads the parameters of an address
    errors.py         what can go wrong, as pages and as JSON problems
"""
