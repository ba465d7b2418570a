"""The JSON form of a configuration: in the config.json of a run, in best.json of a search, and for --config."""
import json

from models import config as configs
from runtime.cli import UserError, unreadable_format

VERSION = 3
RETIRED = ("usefulness_loss",)  # fields of older files, without influence on a network that is trained


def to_json(config):
    """Returns the JSON form of a config: {"version": VERSION, field: value}."""
    return dict(config._asdict(), version=VERSION)


def from_json(record, where):
    """Returns the config of a JSON object. Raises UserError, which names the file `where`, for another version or bad
    fields."""
    record = {field: value for field, value in record.items() if field not in RETIRED}
    version = record.pop("version", None)
    if version != VERSION:
        raise unreadable_format(where, version, VERSION, "train again")
    try:
        return configs.override(configs.ModelConfig(), record)
    except UserError as error:
        raise UserError(f"{where}: {error}") from error


def load(path):
    """Returns the config in a JSON file: one that `to_json` wrote, or the config.json of a run."""
    try:
        with open(path, encoding="utf-8") as text:
            record = json.load(text)
        return from_json(record.get("model", record), path)
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise UserError(f"{path}: not a JSON object ({error})") from error
