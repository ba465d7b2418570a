"""What is read of a raw file: reviews and items; for missing values see `preprocessing/readers.py`."""
from typing import NamedTuple, Optional


class Review(NamedTuple):
    """A raw review."""
    user_id: str
    item_id: str
    rating: float  # stars, 1 to 5
    text: str
    summary: Optional[str]
    time: Optional[int]  # seconds since 1970, UTC
    helpful_up: Optional[int]  # votes that found it helpful
    helpful_total: Optional[int]  # all votes


class Item(NamedTuple):
    """The metadata of an item."""
    item_id: str
    title: Optional[str]
    price: Optional[float]  # as in the file: US dollars
    image: Optional[str]  # a URL
    category: Optional[str]  # from general to special: "Toys > Drums"
    brand: Optional[str]
    description: Optional[str]
