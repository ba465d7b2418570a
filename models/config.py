"""Every switch of the network and its training. Data sizes are not here: the artefact owns them.

`PRESETS` hold the models that the tables compare: `default` (personal attention), `drawing` (the drawing of
the first publication, corrected, taught by the rating error alone), `original` (as first published, with its
mistakes), and two peers, whose data protocol (masked padding, own review left out) is that of all:

- `narre` (Chen et al., WWW 2018): the author of a review asks (`attention_query`), W_O O_l and W_u u_l are
  added inside the attention's ReLU (`attention_score`), id latents are added to the pooled text, biases are
  learned (`offsets`); all else is the drawing's. ReLU and dropout on the product are those of its code.
- `deepconn` (Zheng et al., WSDM 2017): no attention, the maximum over all positions of all reviews
  (`review_pool`; windows do not cross reviews), no ids (`id_latents`, `offsets`), a factorisation machine on
  both latents (`interaction`).
"""
import json
import math
from typing import NamedTuple

from runtime.cli import UserError

VERSION = 3


class ModelConfig(NamedTuple):
    """One network and how it is trained. Fields that are names must be one of CHOICES."""
    # sizes of the network
    filters: int = 100  # F
    window: int = 3  # W, words
    attention_dim: int = 128  # A
    latent_dim: int = 32  # K
    # what the network reads
    conv_layout: str = "words"
    mask_padding: bool = True
    leave_target_out: bool = True
    id_latents: bool = True
    shared_vocabulary: bool = False
    review_selection: str = "first"
    # attention: who asks, how a review answers
    attention_query: str = "id+text"
    attention_score: str = "cosine"
    temperature: float = 4.  # start of e^t
    attention_bias: str = "trained"
    attention_bag: bool = True
    lexical_skip: bool = True
    lexical_scale: float = 2.  # start of kappa
    centred_likeness: bool = True  # bags less what anybody writes
    unit_likeness: bool = True  # what the shopper wrote asks by words at length 1
    usefulness: bool = True
    review_pool: str = "attention"
    # rating
    interaction: str = "product"
    rating_offset: str = "mean"
    offsets: str = "leave_one_out"
    review_votes: bool = True
    # training
    word_start: str = "given"
    own_review_loss: float = 1.
    own_review_negatives: str = "item+batch+askers"
    usefulness_loss: float = .3
    query_id_keep_prob: float = .2  # the id part of the query is dropped whole at random
    attention_keep_prob: float = .65
    dropout_keep_prob: float = .5
    l2: float = 1e-3
    learning_rate: float = 1e-3
    batch_size: int = 100
    epochs: int = 20
    patience: int = 4  # epochs without a better validation RMSE before training stops
    encoder: str = "fast"
    seed: int = 2017


CHOICES = {
    "conv_layout": ("words", "reshape"),
    "review_selection": ("first", "latest", "helpful", "random"),
    "attention_query": ("id+text", "id", "text", "author", "none"),
    "attention_score": ("cosine", "relu_product", "relu_sum"),
    "review_pool": ("attention", "max"),
    "interaction": ("product", "fm"),  # of the latents of user and item
    "attention_bias": ("trained", "frozen"),
    "own_review_negatives": ("item+batch+askers", "item+batch", "item"),
    "rating_offset": ("mean", "none"),
    "offsets": ("leave_one_out", "learned", "none"),
    "word_start": ("given", "random"),  # the word tables: the artefact's vectors, or noise
    "encoder": ("fast", "plain", "dense"),  # the same numbers; see encoder.py
}

_DRAWING = dict(attention_dim=32, attention_query="id", attention_score="relu_product", temperature=1.,
                attention_bag=False,
                lexical_skip=False, centred_likeness=False, unit_likeness=False, usefulness=False, offsets="learned",
                review_votes=False,
                own_review_loss=0., usefulness_loss=0., query_id_keep_prob=1., attention_keep_prob=1.)

_NARRE = dict(_DRAWING, attention_query="author", attention_score="relu_sum")

DEFAULT = "default"
PRESETS = {
    DEFAULT: ModelConfig(),
    "drawing": ModelConfig(**_DRAWING),
    "original": ModelConfig(**dict(_DRAWING, conv_layout="reshape", mask_padding=False, encoder="dense",
                                   leave_target_out=False, rating_offset="none", attention_bias="frozen")),
    "narre": ModelConfig(**_NARRE),
    "deepconn": ModelConfig(**dict(_NARRE, review_pool="max", interaction="fm", id_latents=False, offsets="none")),
}


def check(config):
    """Returns the config; raises UserError where a value is out of range or two switches contradict."""
    for field, choices in CHOICES.items():
        if getattr(config, field) not in choices:
            raise UserError(f"config: {field} {getattr(config, field)!r} is not one of {', '.join(choices)}")
    for field in ("filters", "window", "attention_dim", "latent_dim", "batch_size", "epochs", "patience"):
        _require(config, field, getattr(config, field) >= 1, "1 or more")
    for field in ("attention_keep_prob", "dropout_keep_prob"):
        _require(config, field, 0 < getattr(config, field) <= 1, "above 0, at most 1")
    _require(config, "query_id_keep_prob", 0 <= config.query_id_keep_prob <= 1, "from 0 to 1")
    for field in ("own_review_loss", "usefulness_loss", "l2", "lexical_scale"):
        _require(config, field, getattr(config, field) >= 0, "0 or more")
    for field in ("learning_rate", "temperature"):
        _require(config, field, getattr(config, field) > 0, "above 0")
    _require(config, "seed", 0 <= config.seed < 2 ** 31, "from 0 to 2147483647")
    for one, other in _contradictions(config):
        raise UserError(f"config: {one} contradicts {other}; change one of them")
    return config


def check_data(config, artefact):
    """Raises UserError where the config cannot be trained on an Artefact."""
    words, rows = artefact.meta["sizes"]["L"], artefact.train.review
    if not config.mask_padding and config.window > words:
        raise UserError(f"config: window {config.window} is wider than the {words} words of a review; give a "
                        "smaller one, or mask_padding=true")
    if "text" in config.attention_query and not artefact.review_length[rows].any():
        raise UserError(f"config: attention_query={config.attention_query} contradicts reviews without a word; "
                        "give reviews with text, or attention_query=id and lexical_skip=false")
    if config.batch_size > len(rows):
        raise UserError(f"config: batch_size {config.batch_size} is above the {len(rows)} training rows of "
                        f"{artefact.meta['name']}; give a smaller one")


def _require(config, field, holds, allowed):
    value = getattr(config, field)
    if not holds or not math.isfinite(value):
        raise UserError(f"config: {field} {value} is not {allowed}")


def _contradictions(config):
    text = "text" in config.attention_query
    drawn = config.attention_score != "cosine"
    if drawn and config.attention_query == "text":
        yield f"attention_score={config.attention_score}", "attention_query=text (it needs an id)"
    if drawn and config.temperature != 1:
        yield f"attention_score={config.attention_score}", f"temperature={config.temperature:g} (it has none: 1)"
    if config.review_pool == "max" and config.attention_query not in ("author", "none"):
        yield "review_pool=max", f"attention_query={config.attention_query} (nobody asks where nothing is weighed)"
    if config.lexical_skip and not text:
        yield "lexical_skip", f"attention_query={config.attention_query} (no text of the shopper)"
    if config.centred_likeness and not (config.attention_bag or config.lexical_skip):
        yield "centred_likeness", "attention_bag=false and lexical_skip=false (there is no likeness)"
    if config.attention_query in ("none", "author") and config.own_review_loss > 0:
        yield "own_review_loss", f"attention_query={config.attention_query} (the shopper does not ask)"
    if config.attention_score == "cosine" and config.attention_query == "none" and config.usefulness:
        yield "usefulness", "attention_query=none (uniform attention)"
    if config.conv_layout == "reshape" and config.encoder != "dense":
        yield "conv_layout=reshape", f"encoder={config.encoder} (it reads words)"
    if config.usefulness_loss > 0 and not config.usefulness:
        yield "usefulness_loss", "usefulness=false"
    if config.review_votes and config.offsets != "leave_one_out":
        yield "review_votes", f"offsets={config.offsets} (residual stars would hold their own target)"


def override(config, settings):
    """The config with `settings` ({field: value or text}); unknown names and wrong types are refused."""
    values = {}
    for field, value in settings.items():
        if field not in ModelConfig._fields:
            raise UserError(f"config: unknown field {field!r}; known are {', '.join(ModelConfig._fields)}")
        values[field] = _typed(field, value)
    return check(config._replace(**values))


def _typed(field, value):
    kind = type(getattr(ModelConfig(), field))
    if kind is bool:
        known = {"true": True, "false": False, "on": True, "off": False}
        if str(value).lower() in known:
            return known[str(value).lower()]
    elif kind is str and isinstance(value, str):
        return value
    elif kind in (int, float) and not isinstance(value, bool):
        try:
            number = kind(value)
            if float(value) == float(number):
                return number
        except (TypeError, ValueError, OverflowError):
            pass
    raise UserError(f"config: {field} {value!r} is not of type {kind.__name__}")


def to_json(config):
    """{"version": , field: value} of a config."""
    return dict(config._asdict(), version=VERSION)


def from_json(record, where):
    """The config of a JSON object. Raises UserError that names `where` for another version or bad fields."""
    record = dict(record)
    version = record.pop("version", None)
    if version != VERSION:
        raise UserError(f"{where}: config version {version}, but this version reads {VERSION}; train again")
    try:
        return override(ModelConfig(), record)
    except UserError as error:
        raise UserError(f"{where}: {error}") from error


def load(path):
    """The config of a JSON file: as `to_json` writes it, or the config.json of a run."""
    try:
        with open(path, encoding="utf-8") as text:
            record = json.load(text)
        return from_json(record.get("model", record), path)
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise UserError(f"{path}: not a JSON object ({error})") from error
