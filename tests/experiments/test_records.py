"""Records and what is made from them: the tracked tables and documents hold the figures of the tracked records."""
import glob
import json
import os

import pytest

from experiments import ablation, plots, records, tables
from runtime.cli import UserError
from runtime.project import ROOT

RESULTS = os.path.join(ROOT, "docs", "results")
EARLIER = os.path.join(RESULTS, "earlier")
CORPORA = ("musical_instruments", "digital_music", "gift_cards")


@pytest.mark.parametrize("path", sorted(glob.glob(os.path.join(RESULTS, "**", "*.json"), recursive=True)),
                         ids=lambda path: os.path.relpath(path, RESULTS))
def test_tracked_tables_are_made_from_their_records(path):
    """`./run results --from docs/results/*.json --out docs/results` makes them anew."""
    record, folder = records.read(path), os.path.dirname(path)
    if "ablation" in record:
        files = {ablation.name_of(record): ablation.table(record)}
    else:
        files = {record["data"]: tables.short(record), f"{record['data']}_full": tables.full(record)}
    for name, lines in files.items():
        with open(os.path.join(folder, f"{name}.md"), encoding="utf-8") as text:
            assert text.read().splitlines() == lines


@pytest.mark.parametrize("values, text", [([.5], "0.500"), ([.5, .5], "0.500"), ([.25, .75], "0.500 ± 0.354")])
def test_spread(values, text):
    assert tables.spread(values, 3) == text


def test_render_writes_tables_and_plots_of_records(tmp_path):
    paths = [os.path.join(RESULTS, f"{name}.json") for name in ("ablation_gift_cards", "earlier/sample_seed_1")]
    written = records.render(paths, str(tmp_path))
    names = os.listdir(str(tmp_path))
    assert sorted(written) == sorted(str(tmp_path / name) for name in names)
    assert set(names) == {
        "ablation_gift_cards.json", "ablation_gift_cards.md", "ablation_gift_cards_ladder.png",
        "ablation_gift_cards_switches.png", "sample_seed_1.json", "sample_seed_1.md", "sample_seed_1_full.md"}
    with open(paths[1], encoding="utf-8") as text:
        assert json.loads((tmp_path / "sample_seed_1.json").read_text()) == json.load(text)


def test_the_overview_has_a_panel_for_each_corpus_of_several_seeds():
    paths = [os.path.join(EARLIER, name) for name in ("sample", "sample_seed_1", "../ablation")]
    paths[1:1] = [os.path.join(RESULTS, name) for name in CORPORA]
    studies = [records.read(f"{path}.json") for path in paths]
    figures = plots.overview(studies)
    assert set(figures) == {"leads", "retrieval", "rmse"}
    for figure in figures.values():
        assert [axes.get_title("left") for axes in figure.axes] == [
            "Sample corpus", "Digital Music", "Gift Cards", "Musical Instruments"]
        assert "deeprecsys" in figure.texts[0].get_text() + figure.axes[0].get_yticklabels()[-1].get_text()
    assert plots.overview(studies[-2:]) == {}


def test_the_overview_leaves_out_what_a_record_lacks():
    """One of two corpora lacks the similarity of the first review, neither the AUC; or all differences are 0."""
    studies = [records.read(os.path.join(RESULTS, f"{name}.json")) for name in CORPORA[1:]]
    for values in studies[0]["explanations"].values():
        values.pop("agreement_cosine_1", None)
    for study in studies:
        for values in study["explanations"].values():
            values.get("retrieval_auc_centred", {}).update({"difference": 0., "low": 0., "high": 0.})
    figures = plots.overview(studies)
    assert {name: len(figure.axes) for name, figure in figures.items()} == {"leads": 1, "retrieval": 2, "rmse": 2}
    for values in studies[1]["explanations"].values():
        values.pop("agreement_cosine_1", None)
    assert set(plots.overview(studies)) == {"retrieval", "rmse"}


@pytest.mark.parametrize("content, message", [
    (None, "no such file"), ("{", "damaged"), ("[]", "not the record"), ('{"data": "x"}', "not the record")])
def test_a_file_that_is_no_record(tmp_path, content, message):
    if content is not None:
        (tmp_path / "x.json").write_text(content)
    with pytest.raises(UserError, match=message):
        records.read(str(tmp_path / "x.json"))


@pytest.mark.parametrize("data, label", [
    ("gift_cards", "Gift Cards"), ("musical_instruments", "Musical Instruments"), ("digital_music", "Digital Music")])
def test_figures_of_the_original_in_the_document_are_those_of_its_files(data, label):
    with open(os.path.join(ROOT, "docs", "results", "original", f"{data}.json"), encoding="utf-8") as text:
        record = json.load(text)
    names = "retrieval_auc_centred", "agreement_cosine_1", "agreement_rougel_1"
    ours, original = (record["explanations"][method] for method in ("deeprecsys", "original"))
    rmse = {model: record["ratings"][model]["rmse"][0] for model in ("deeprecsys", "original")}
    with open(os.path.join(ROOT, "docs", "results.md"), encoding="utf-8") as text:
        lines = text.read().splitlines()
    means = " | ".join(f"{ours[name]['mean']:.4f}" for name in names)
    row = lines.index(f"| {label}: deeprecsys | {means} | {rmse['deeprecsys']:.4f} |")
    gaps = (dict(original[name], p_holm=1) for name in names)  # without stars
    assert lines[row + 1] == "| original (lead of deeprecsys) | " + " | ".join(
        f"{gap['mean']:.4f} ({tables.interval(gap)})" for gap in gaps) + f" | {rmse['original']:.4f} |"


def test_a_result_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "ablation.md").mkdir()
    with pytest.raises(UserError, match="ablation.md: cannot be written"):
        records.write(str(tmp_path), records.read(os.path.join(RESULTS, "ablation.json")))
