"""Tests what a run needs for maps: attention, users, and vectors that differ; and its aspects in all files."""
import json
import os
import shutil

import numpy as np
import pytest

from commands import aspects
from models import config as configs
from models import config_json
from models.inference import latents
from models.run_folder import layout, runs
from runtime.cli import UserError
from tSNE import colours, evidence, results, survey, user_maps


@pytest.fixture(scope="module")
def with_aspects(tiny_run, tmp_path_factory):
    """A copy of the tiny run with aspects; returns its folder."""
    folder = str(tmp_path_factory.mktemp("aspects") / "copy")
    shutil.copytree(tiny_run.folder, folder)
    run = os.path.join(folder, "runs", "tiny")
    aspects.main(["--run", run])
    return run


@pytest.fixture(scope="module")
def made(with_aspects):
    return user_maps.make(with_aspects, perplexity=30., count=3, seed=1)


def test_a_run_with_aspects_is_coloured_by_them(made):
    assert made.colouring.name == colours.ASPECT and made.colouring.labels
    assert {"aspect", "group", "stars", "reviews"} == set(made.colourings)


def test_groups_are_named_by_aspects_and_by_words_where_none_stands_out(made, with_aspects):
    aspects_of_run, words = {aspect.name for aspect in made.tables.aspects}, set(made.vocabulary)
    same = np.zeros(len(made.user_ids), int)  # one group: no users are left to compare it with
    names = survey.named(runs.load(with_aspects).artefact, made.survey.scores[:, :1], same, made.tables)
    assert len(made.survey.names) == 3
    for name in made.survey.names:
        assert name and (set(name) <= aspects_of_run or set(name) <= words)
    assert set(names[0]) <= words


def test_every_user_has_words_items_and_a_passage_of_an_own_review(made):
    users = len(made.user_ids)
    assert len(made.people) == users == 40
    wrote = [person for person in made.people if person.passage]
    assert len(wrote) > users / 2 and all(person.items and person.item in person.items for person in wrote)
    assert any(person.words and person.aspects for person in made.people)


def test_neighbours_are_nearest_first_and_never_the_user(made):
    assert (np.diff(made.cosines, axis=1) <= 1e-9).all()
    assert all(user not in row for user, row in enumerate(made.near))


def test_the_measures_compare_four_kinds_of_vectors_and_the_planted_tastes(made):
    record = json.loads(results.tables(made)[layout.CLUSTERS].decode())
    assert list(sorted(record["spaces"])) == sorted(evidence.SPACES)
    for space in record["spaces"].values():
        assert 0 <= space["trustworthiness"] <= 1 and -1 <= space["agreement"] <= 1
        for name in ("aspect", "held_out_aspect", "taste"):
            assert 0 <= space[name]["low"] <= space[name]["value"] <= space[name]["high"] <= 1
            assert 0 < record[evidence.CHANCE][name] < 1
    lines = evidence.table(record).splitlines()
    assert len(lines) == 2 + len(evidence.ROWS) and len({line.count("|") for line in lines}) == 1


def test_the_verdict_says_what_the_table_holds(made):
    record, found = made.evidence, made.evidence["spaces"]["attention"]
    said = evidence.verdict(record)
    assert f"silhouette {found['silhouette']['value']:.2f}" in said and f"agree by {found['agreement']:.2f}" in said
    assert f"{100 * found['held_out_aspect']['value']:.0f} %" in said
    assert said in results.tables(made)[layout.CLUSTERS_PAGE].decode()


def verdict_of(silhouette, low, chance=.1, **more):
    space = dict({"silhouette": silhouette and {"value": silhouette}, "agreement": .5}, **more)
    if low:
        space["held_out_aspect"] = {"value": low + .1, "low": low}
    return evidence.verdict({"spaces": {"before": space, "attention": space},
                             evidence.CHANCE: {"held_out_aspect": chance}})


def test_the_verdict_depends_on_the_threshold_and_on_chance():
    assert verdict_of(.25, .2).startswith("The groups are separate (silhouette 0.25")
    assert verdict_of(.24, .2).startswith("The groups are not separate: ")
    assert "no vector is made, agree: 30 % of" in verdict_of(.3, .2)
    assert "no vector is made, do not agree: 15 % of" in verdict_of(.3, .05)
    assert "1.31 times as similar" in verdict_of(.3, None, similarity=1.31)
    assert verdict_of(None, None).startswith("There are too few users")


def test_each_query_has_its_sentence():
    for query in ("id+text", "id", "text", "author"):
        config = configs.PRESETS["default"]._replace(attention_query=query)
        before, attention = survey.compared_by(config)
        assert "nothing of their texts" in before and ("as authors" in attention) == (query == "author")
        assert ("training reviews" in attention) == ("text" in query)


def test_a_run_without_attention_is_refused_before_anything_is_written(with_aspects, tmp_path):
    folder = str(tmp_path / "run")
    os.makedirs(folder)
    with open(os.path.join(with_aspects, "config.json"), encoding="utf-8") as text:
        record = json.load(text)
    record["model"] = config_json.to_json(configs.PRESETS["deepconn"])
    with open(os.path.join(folder, "config.json"), "w", encoding="utf-8") as text:
        json.dump(record, text)
    with pytest.raises(UserError, match="has no attention"):
        user_maps.make(folder, 30., None, 0)
    assert os.listdir(folder) == ["config.json"]


@pytest.mark.parametrize("users, active", [(1, [0]), (2, [0, 1]), (40, [3])])
def test_too_few_users_are_one_line(with_aspects, monkeypatch, users, active):
    real = user_maps.trained.load

    def few(*arguments, **options):
        run = real(*arguments, **options)
        return run._replace(artefact=run.artefact._replace(user_reviews=run.artefact.user_reviews[:users]))

    monkeypatch.setattr(user_maps.trained, "load", few)
    monkeypatch.setattr(user_maps.neighbours, "active", lambda artefact: np.array(active))
    with pytest.raises(UserError, match=f"has {users} users, {len(active)} of them active"):
        user_maps.make(with_aspects, 30., None, 0)


@pytest.mark.parametrize("value", [0., 3., np.nan])
def test_users_who_cannot_be_told_apart_are_one_line(with_aspects, monkeypatch, value):
    constant = latents.Latents(np.random.RandomState(0).normal(size=(40, 5)), np.full((40, 8), value))
    monkeypatch.setattr(survey.latents, "of_users", lambda run: constant)
    with pytest.raises(UserError, match="same vector in the attention"):
        user_maps.make(with_aspects, 30., None, 0)
