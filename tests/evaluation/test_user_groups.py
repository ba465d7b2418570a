"""Groups of users and the tastes that a sample corpus was planted with."""
import json

import numpy as np
import pytest

from evaluation import user_groups
from runtime.cli import UserError
from user_modeling.groups import Groups

USERS = ("ann", "bob", "cid", "dan", "eve")
TASTES = {"ann": ["noise", "price"], "bob": ["price", "noise"], "cid": ["size", "price"], "dan": ["size"],
          "eve": ["size"]}


def truth(folder, users):
    path = folder / "truth.json"
    path.write_text(json.dumps({"seed": 1, "arguments": {}, "aspects": ["noise"], "users": users, "items": {},
                                "reviews": {}}))
    return str(folder)


def groups(*numbers):
    return Groups(np.array(numbers), (), (), {})


def test_groups_of_equal_tastes_have_an_index_of_1_and_other_groups_less(tmp_path):
    folder = truth(tmp_path, TASTES)
    assert user_groups.planted(groups(1, 1, 2, 0, 0), folder, USERS) == 1
    assert user_groups.planted(groups(1, 0, 1, 0, 1), folder, USERS) < .1


def test_without_a_truth_there_is_no_index_and_one_of_other_users_is_named(tmp_path):
    assert user_groups.planted(groups(0, 0, 0, 0, 0), str(tmp_path), USERS) is None
    with pytest.raises(UserError, match="truth.json: has no entry 'eve'"):
        user_groups.planted(groups(0, 0, 0, 0, 0), truth(tmp_path, {
            name: taste for name, taste in TASTES.items() if name != "eve"}), USERS)
