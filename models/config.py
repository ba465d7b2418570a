"""Every switch of the network and of its training, with the presets that the result tables compare.

Sizes of the data are not here: the artefact holds them. The presets are:

- `default`: the personal attention of this project.
- `ranking`: the same, trained to rank items, too (`ranking_loss`).
- `drawing`: the architecture as drawn in the first publication, with its errors corrected, trained with the
  rating loss alone.
- `original`: the model as first published, with its errors.
- `narre` (Chen et al., WWW 2018): the query is the author of the review (`attention_query`), W_O O_l and W_u u_l
  are added inside the ReLU of the attention (`attention_score`), id latents are added to the pooled text, and the
  biases are learned (`offsets`). Everything else is as in `drawing`; the ReLU and the dropout on the product of
  the latents follow the code of NARRE's authors.
- `deepconn` (Zheng et al., WSDM 2017): no attention, the maximum over all positions of all reviews
  (`review_pool`; windows do not cross the border between two reviews), no ids (`id_latents`, `offsets`), a
  factorisation machine on both latents (`interaction`).

All presets but `original` share one data protocol: padding is masked, and the pair's own review is left out of the
inputs. docs/model.md lists every field with its values. `config_json.py` writes a configuration to files.
"""
import math
from typing import NamedTuple

from runtime import cli
from runtime.cli import UserError


class ModelConfig(NamedTuple):
    """One network and how it is trained. A field that is listed in CHOICES must have one of the values there."""
    # sizes of the network
    filters: int = 100  # F, filters of the convolution
    window: int = 3  # W, words
    attention_dim: int = 128  # A
    latent_dim: int = 32  # K
    # what the network reads
    conv_layout: str = "words"
    mask_padding: bool = True
    leave_target_out: bool = True  # the pair's own review and rating are left out of its inputs in training
    id_latents: bool = True  # a latent vector of the id is added to the pooled text
    shared_vocabulary: bool = False  # both towers share one word table
    review_selection: str = "first"  # which reviews fill the slots
    # attention: the query, and how a review is compared with it
    attention_query: str = "id+text"
    attention_score: str = "cosine"
    temperature: float = 4.  # initial e^theta
    attention_bias: str = "trained"
    attention_bag: bool = True  # the LSI topics of a review are part of its key
    bag_start: str = "owners"  # in which directions the topics enter the key at first
    lexical_skip: bool = True  # TF-IDF similarity is added to the personal score
    lexical_scale: float = .25  # initial kappa
    centred_likeness: bool = True  # the mean bag of all reviews is subtracted from bags
    unit_likeness: bool = True  # the user's mean bag is divided by its length
    usefulness: bool = True  # an impersonal usefulness score is mixed with the personal score
    review_pool: str = "attention"
    # rating
    interaction: str = "product"  # of the latents of user and item
    rating_offset: str = "mean"
    offsets: str = "leave_one_out"  # b_u and b_i
    review_votes: bool = True  # every review adds stars to the rating
    # training
    word_start: str = "given"  # initial word tables: the artefact's vectors, or random
    own_review_loss: float = 1.  # weight of the loss
    own_review_negatives: str = "item+batch+askers"
    ranking_loss: float = 0.  # weight of the loss
    query_id_keep_prob: float = .2  # the id part of a query is dropped as a whole with 1 - this probability
    attention_keep_prob: float = .65
    dropout_keep_prob: float = .5
    l2: float = 1e-3
    learning_rate: float = 1e-3
    attention_rate_decay: float = .7  # factor of the attention's learning rate after each pass
    batch_size: int = 100
    epochs: int = 20  # at most
    epochs_per_pass: int = 1  # parts of a pass over all training pairs; each ends with validation and checkpoint
    patience: int = 4  # epochs without a new best epoch before training stops
    encoder: str = "fast"
    seed: int = 2017

    # Names for the comparisons that other modules need. They are no fields and are not stored.
    cosine_score = property(lambda config: config.attention_score == "cosine")  # else a ReLU layer, as drawn
    text_query = property(lambda config: "text" in config.attention_query)  # the mean key of reviews is in the query
    id_query = property(lambda config: config.attention_query != "text")  # the embedding of an id is in the query
    author_query = property(lambda config: config.attention_query == "author")  # each review has its own query
    no_query = property(lambda config: config.attention_query == "none")
    pair_query = property(lambda config: not (config.author_query or config.no_query))  # ids or texts of the pair
    product_score = property(lambda config: config.attention_score == "relu_product")  # in the ReLU layer, else a sum
    trained_biases = property(lambda config: config.attention_bias == "trained")  # else frozen
    max_pooling = property(lambda config: config.review_pool == "max")  # instead of attention
    equal_scores = property(lambda config: config.no_query or config.max_pooling)  # 0 of every review
    personal_scores = property(lambda config: config.pair_query and not config.max_pooling)  # items are ranked by them
    factorisation_machine = property(lambda config: config.interaction == "fm")  # instead of a product of latents
    learned_offsets = property(lambda config: config.offsets == "learned")  # b_u and b_i are variables
    leave_one_out_offsets = property(lambda config: config.offsets == "leave_one_out")  # they are damped means
    mean_offset = property(lambda config: config.rating_offset == "mean")  # the mean rating is added
    first_reviews = property(lambda config: config.review_selection == "first")  # as the artefact's slots hold them
    random_words = property(lambda config: config.word_start == "random")  # else the artefact's word vectors
    batch_negatives = property(lambda config: config.own_review_negatives != "item")  # own reviews of the batch, too
    user_negatives = property(lambda config: config.own_review_negatives == "item+batch+askers")  # users, too
    word_convolution = property(lambda config: config.conv_layout == "words")  # else the reshape as first published
    dense_encoder = property(lambda config: config.encoder == "dense")  # the plain convolution over all positions
    fused_encoder = property(lambda config: config.encoder == "fast")  # the kernels of numba where it is installed


CHOICES = {
    "conv_layout": ("words", "reshape"),
    "review_selection": ("first", "latest", "helpful", "random"),
    "attention_query": ("id+text", "id", "text", "author", "none"),
    "attention_score": ("cosine", "relu_product", "relu_sum"),
    "review_pool": ("attention", "max"),
    "interaction": ("product", "fm"),
    "attention_bias": ("trained", "frozen"),
    "own_review_negatives": ("item+batch+askers", "item+batch", "item"),
    "rating_offset": ("mean", "none"),
    "offsets": ("leave_one_out", "learned", "none"),
    "word_start": ("given", "random"),
    "bag_start": ("owners", "identity"),
    "encoder": ("fast", "plain", "dense"),  # the same numbers at different speed; see network/encoder.py
}

_DRAWING = dict(attention_dim=32, attention_query="id", attention_score="relu_product", temperature=1.,
                attention_bag=False,
                lexical_skip=False, centred_likeness=False, unit_likeness=False, usefulness=False, offsets="learned",
                review_votes=False,
                own_review_loss=0., query_id_keep_prob=1., attention_keep_prob=1., attention_rate_decay=1.)

_NARRE = dict(_DRAWING, attention_query="author", attention_score="relu_sum")

DEFAULT = "default"
PRESETS = {
    DEFAULT: ModelConfig(),
    "ranking": ModelConfig(ranking_loss=1.),
    "drawing": ModelConfig(**_DRAWING),
    "original": ModelConfig(**dict(_DRAWING, conv_layout="reshape", mask_padding=False, encoder="dense",
                                   leave_target_out=False, rating_offset="none", attention_bias="frozen")),
    "narre": ModelConfig(**_NARRE),
    "deepconn": ModelConfig(**dict(_NARRE, review_pool="max", interaction="fm", id_latents=False, offsets="none")),
}


def check(config):
    """Returns the config. Raises UserError where a value is out of range or two fields contradict each other."""
    for field, choices in CHOICES.items():
        if getattr(config, field) not in choices:
            raise UserError(f"config: {field} {getattr(config, field)!r} is not one of {', '.join(choices)}")
    for field in ("filters", "window", "attention_dim", "latent_dim", "batch_size", "epochs", "epochs_per_pass",
                  "patience"):
        _require(config, field, getattr(config, field) >= 1, "1 or more")
    for field in ("attention_keep_prob", "dropout_keep_prob", "attention_rate_decay"):
        _require(config, field, 0 < getattr(config, field) <= 1, "above 0, at most 1")
    _require(config, "query_id_keep_prob", 0 <= config.query_id_keep_prob <= 1, "from 0 to 1")
    for field in ("own_review_loss", "ranking_loss", "l2", "lexical_scale"):
        _require(config, field, getattr(config, field) >= 0, "0 or more")
    for field in ("learning_rate", "temperature"):
        _require(config, field, getattr(config, field) > 0, "above 0")
    _require(config, "seed", 0 <= config.seed < 2 ** 31, "from 0 to 2147483647")
    for setting, opposed in _contradictions(config):
        raise UserError(f"config: {setting} contradicts {opposed}; change one of them")
    return config


def fitted(config, artefact):
    """Returns the config with a batch of at most the training rows of the Artefact, and logs where it is made smaller.

    Raises:
      UserError: a network of this config cannot be trained on the Artefact.
    """
    words, rows = artefact.meta["sizes"]["L"], artefact.train.review
    if not config.mask_padding and config.window > words:
        raise UserError(f"config: window {config.window} is wider than the {words} words of a review; give a "
                        "smaller window, or mask_padding=true")
    if config.text_query and not artefact.review_length[rows].any():
        raise UserError(f"config: attention_query={config.attention_query} contradicts reviews without a word; "
                        "give reviews with text, or attention_query=id and lexical_skip=false")
    if config.epochs_per_pass > len(rows):
        raise UserError(f"config: epochs_per_pass {config.epochs_per_pass} is more than the {len(rows)} training rows; "
                        "give a smaller one")
    if config.batch_size <= len(rows):
        return config
    cli.log.info("%s has %d training rows: batch_size lowered from %d to %d", artefact.meta["name"], len(rows),
                 config.batch_size, len(rows))
    return config._replace(batch_size=len(rows))


def _require(config, field, holds, allowed):
    value = getattr(config, field)
    if not holds or not math.isfinite(value):
        raise UserError(f"config: {field} {value} is not {allowed}")


def _contradictions(config):
    """Yields pairs of settings that contradict each other."""
    score, query = f"attention_score={config.attention_score}", f"attention_query={config.attention_query}"
    if not config.cosine_score and not config.id_query:
        yield score, f"{query} (this score needs the id in the query)"
    if not config.cosine_score and config.temperature != 1:
        yield score, f"temperature={config.temperature:g} (this score has no temperature; give 1)"
    if config.max_pooling and config.pair_query:
        yield "review_pool=max", f"{query} (maximum pooling has no attention, so no query)"
    if config.lexical_skip and not config.text_query:
        yield "lexical_skip", f"{query} (the query holds no text of the user)"
    if config.centred_likeness and not (config.attention_bag or config.lexical_skip):
        yield "centred_likeness", "attention_bag=false and lexical_skip=false (no bag of words is used)"
    if not config.pair_query and config.own_review_loss > 0:
        yield "own_review_loss", f"{query} (the user of the pair is not the query)"
    if config.ranking_loss > 0 and not (config.pair_query and config.cosine_score):
        yield "ranking_loss", f"{query} and {score} (it needs the user of the pair as query, and cosine scores)"
    if config.cosine_score and config.no_query and config.usefulness:
        yield "usefulness", f"{query} (attention is uniform)"
    if not config.word_convolution and not config.dense_encoder:
        yield "conv_layout=reshape", f"encoder={config.encoder} (only encoder=dense can reshape)"
    if config.review_votes and not config.leave_one_out_offsets:
        yield "review_votes", f"offsets={config.offsets} (residual stars would contain the rating to be predicted)"


def override(config, settings):
    """Returns the config with changed fields. Raises UserError for an unknown field, a wrong type or a bad value.

    Args:
      config: ModelConfig.
      settings: {field: value, or its text as on a command line}.
    """
    values = {}
    for field, value in settings.items():
        if field not in ModelConfig._fields:
            raise UserError(f"config: unknown field {field!r}; the fields are {', '.join(ModelConfig._fields)}")
        values[field] = _typed(field, value)
    return check(config._replace(**values))


def _typed(field, value):
    """Returns a value in the type of the field's default."""
    kind = type(getattr(ModelConfig(), field))
    if kind is bool:
        switches = {"true": True, "false": False, "on": True, "off": False}
        if str(value).lower() in switches:
            return switches[str(value).lower()]
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
