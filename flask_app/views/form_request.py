"""The requests of the shop: of the kinds of forms, only the one that its pages send is read."""
from flask import Request, abort

MULTIPART = "multipart/form-data"


class FormRequest(Request):
    """A request that refuses a form in parts with status 415 before it is parsed.

    No page sends one. Each part may name a character set, and Werkzeug 2.0 to 2.2 decodes it by any codec of Python
    that has the name: 256 KiB of "punycode" take seconds.
    """

    def make_form_data_parser(self):
        if self.mimetype == MULTIPART:
            abort(415)
        return super().make_form_data_parser()
