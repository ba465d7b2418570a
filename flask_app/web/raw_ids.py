"""An id of the raw data as a part of an address: any characters, slashes too."""
from urllib.parse import quote

from werkzeug.routing import BaseConverter


class RawId(BaseConverter):
    """The converter `<id:name>` of the routes; ids are percent-encoded in addresses."""
    regex = r"[\s\S]+"
    part_isolating = False

    def to_url(self, value):
        return quote(value, safe="")
