"""The page `report.html` of an artefact, one file without scripts that loads nothing, made of its meta.json."""
from preprocessing.summary import distributions
from runtime.report import markup

LEAST_READ = .995  # share of the letters below which it is a warning
SPLITS = {"random": "at random", "time": "by time, the latest for the test",
          "last": "so that the last two reviews of each user are held out",
          "users": "by users, with all of their reviews", "items": "by items, with all of their reviews"}


def warnings(meta):
    """Sentences about what a person should look at before training on the data of a meta.json."""
    reading, found = meta["reading"], []
    items = reading.get("metadata", {})
    for kind, counts, dropped in (("", reading, meta["dropped"]), ("metadata: ", items, items.get("dropped", {}))):
        lost = [f"{count} {reason}" for reason, count in dropped.items() if count]
        if lost:
            found.append(f"{kind}{sum(dropped.values())} rows are dropped: {', '.join(lost)}")
        found += [f"{kind}{count} values of {field} are unreadable" for field, count in
                  counts.get("unreadable", {}).items()]
    if reading.get("items_with_metadata", 0) < reading.get("items", 0):
        found.append(f"{reading['items'] - reading['items_with_metadata']} of {reading['items']} items have no "
                     "metadata")
    if reading.get("shared_texts"):
        found.append(f"{reading['shared_texts']} reviews have the same text as those of other users")
    hint = "" if meta["options"]["tokens"] == "unicode" else "; --tokens unicode reads every script"
    if meta["texts_without_words"]:
        found.append(f"{meta['texts_without_words']} reviews have a text without a word that the tokeniser reads{hint}")
    if meta["letters_read"] < LEAST_READ:
        found.append(f"{100 * meta['letters_read']:.1f} % of the letters are read{hint}")
    if meta["empty_texts"]:
        found.append(f"{meta['empty_texts']} reviews have no text")
    return found


def of(meta):
    """The page as HTML, of the content of a meta.json."""
    from runtime.report import charts  # imports matplotlib: only where a page is written

    title, size = f"Data “{meta['name']}”", meta["sizes"]
    facts = (f"{size['N']} reviews of {size['U']} users on {size['I']} items, mean rating {meta['mean_rating']:.3f}; "
             f"{size['V']} words of the vocabulary, {meta['options']['tokens']} tokens. docs/data.md describes each "
             "step.")
    parts = [markup.element("h1", title), markup.element("p", facts, "facts"), "<h2>Warnings</h2>"]
    found = warnings(meta)
    parts += ["<ul>"] + [markup.element("li", text + ".") for text in found] + ["</ul>"] if found else [
        markup.element("p", "None.")]
    parts += ["<h2>Splits</h2>", markup.element("p", f"Cut {SPLITS[meta['options']['split']]}, seed "
                                                f"{meta['options']['seed']}."),
              markup.table(["split", "reviews", "share"], [
                  [name, count, f"{count / size['N']:.1%}"] for name, count in meta["splits"].items()], None)]
    parts += ["<h2>Distributions of all reviews</h2>", '<div class="plots">']
    for name, counts in meta["distributions"].items():
        if counts:
            cap = meta["cut"].get(name, {}).get("cap")
            caption = f"{name.capitalize()}: {_points(counts)}" + (f"; the line is the cap, {cap}" if cap else "")
            parts.append(markup.picture(charts.counted(counts["edges"], counts["counts"], name, cap), caption))
    return markup.document(title, parts + ["</div>"] + _cuts(meta) + _reading(meta))


def _points(counts):
    return ", ".join(f"{name} {counts[name]:.4g}" for name in ("mean",) + tuple(
        name for name, _ in distributions.QUARTILES))


def _cuts(meta):
    """The table of the caps."""
    names = {distributions.WORDS: ("reviews", "words"), distributions.OF_USER: ("users", "reviews"),
             distributions.OF_ITEM: ("items", "reviews")}
    rows = [[name, cut["cap"], f"{cut['cut']} of {cut['of']} {names[name][0]}",
             f"{cut['left_out']} of {cut['out_of']} {names[name][1]}"] for name, cut in meta["cut"].items()]
    return ["<h2>Caps, and what they cut of the training reviews</h2>",
            markup.table(["cap", "at", "above it", "left out"], rows, None)]


def _reading(meta):
    """The tables of what reading has counted: files, dropped rows, values of each field."""
    reading = meta["reading"]
    parts = ["<h2>Reading</h2>", markup.table(["file", "sha256"], [
        [source["file"], source["sha256"][:16] + "..."] for source in meta["sources"]], None)]
    if reading.get("scale"):
        parts.append(markup.element("p", f"Ratings are read on the scale {reading['scale']}."))
    examples = reading.get("dropped_examples", {})
    if any(meta["dropped"].values()):
        parts.append(markup.table(["rows dropped", "number", "first"], [
            [reason, count, examples.get(reason, "")] for reason, count in meta["dropped"].items() if count], None))
    for kind, counts in (("review", reading), ("item", reading.get("metadata", {}))):
        fields = sorted(set(counts.get("absent", {})) | set(counts.get("unreadable", {})))
        if fields:
            first = counts.get("unreadable_examples", {})
            parts.append(markup.table([f"field of a{'n' if kind == 'item' else ''} {kind}", "absent", "unreadable",
                                       "first"], [
                [field, counts["absent"].get(field, 0), counts["unreadable"].get(field, 0), first.get(field, "")]
                for field in fields], None))
    return parts
