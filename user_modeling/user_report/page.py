"""The page on the users of a run, one file without scripts that loads nothing: plots first, then lists and tables."""
import numpy as np

from runtime.report import charts, markup
from user_modeling.user_report import terminal

GROUPS, ROWS = 30, 12  # bars of a plot, and rows of the list of neighbours


def of(survey):
    """Returns the page of a Survey as HTML."""
    title = f"Users of the run “{survey.run}”"
    facts = (f"{len(survey.user_ids):,} users of the data “{survey.record['data']}”, {len(survey.tables.aspects)} "
             f"aspects; attention of {survey.readers:,} readers. docs/users.md defines every number.")
    parts = [markup.element("h1", title), markup.element("p", facts, "facts"),
             markup.element("p", terminal.groups_line(survey)),
             markup.element("p", f"Helpful reviewers: {survey.agreement.why}")]
    parts += ['<div class="plots">'] + plots(survey) + ["</div>"]
    return markup.document(title, parts + _groups(survey) + _pair(survey) + _neighbours(survey) + _reviewers(survey))


def plots(survey):
    """Returns the plots with their captions, as HTML."""
    return [markup.picture(figure, caption) for caption, figure in figures(survey).items()]


def figures(survey):
    """Returns {caption: matplotlib figure} of a Survey."""
    found, groups = {}, survey.groups
    sizes = dict(zip(groups.names[:GROUPS], groups.sizes().tolist()))
    if sizes:
        found["Number of users of each group"] = charts.bars(
            "", sizes, "users", width=charts.NARROW, form=",", whole=True)
    lifts = {name: lift for name, lift in zip(groups.names, survey.lifts) if lift is not None}
    lifts = dict(sorted(lifts.items(), key=lambda one: -one[1].reviews)[:GROUPS])
    if lifts:
        found["How often held-out reviews of a group speak of its aspects, against those of other users, with 95 % "
              "intervals; 1 = as often"] = charts.bars(
            "", {name: lift.value for name, lift in lifts.items()}, "lift",
            {name: (lift.low, lift.high) for name, lift in lifts.items()}, (), charts.NARROW, ".2f", True)
    if groups.agreement:
        found["Agreement (adjusted Rand index) of the groups of two halves of the users, by the number of groups; the "
              "line is the number chosen"] = charts.curve(
            list(groups.agreement), list(groups.agreement.values()), "groups", "agreement", len(groups.names))
    measured = {name: values["spearman"] for name, values in survey.agreement.measured.items() if values["spearman"]}
    if measured:
        found["Agreement with helpful votes (Spearman's rho over users, with 95 % intervals) of the ways to say who is "
              "helpful"] = charts.bars("", {name: one[0] for name, one in measured.items()}, "rho", {
                  name: tuple(one[1:]) for name, one in measured.items()}, (survey.method,), charts.NARROW, ".2f", True)
    if survey.nearest.likeness.size:
        found["Likeness of every user to the nearest one"] = charts.histogram(
            "", {"nearest user": survey.nearest.likeness[:, 0]}, "likeness", width=charts.NARROW, of="users")
    return found


def _groups(survey):
    found, tables = survey.groups, survey.tables
    rows = [(name, f"{users:,}", _share(tables, found, number), terminal.lift_text(lift))
            for number, (name, users, lift) in enumerate(zip(found.names, found.sizes(), survey.lifts))]
    without = int((found.group < 0).sum())
    parts = ["<h2>Groups by aspect</h2>", markup.table(
        ["group", "users", "share of its aspects", "held-out reviews, against other users"], rows, None)]
    if without:
        parts.append(markup.element("p", f"{without:,} users speak of no aspect and are in no group.", "note"))
    return parts


def _share(tables, found, number):
    """Share of the mentions of a group's members that are of its aspects, as text."""
    mentions = np.asarray(tables.user_mentions)[found.group == number]
    return f"{mentions[:, list(found.aspects[number])].sum() / max(1, mentions.sum()):.0%} of all mentions"


def _reviewers(survey):
    parts = ["<h2>Who always writes helpful reviews</h2>", markup.element("p", survey.agreement.why)]
    if survey.agreement.measured:
        rows = [(name, _interval(values["spearman"]), _interval(values["auc"]))
                for name, values in survey.agreement.measured.items()]
        parts += [markup.element("p", f"Agreement with the votes of {survey.agreement.users} other users:"),
                  markup.table(["by", "Spearman's rho with the lower bound of the helpful share",
                                "AUC of the top decile"], rows, survey.method)]
    for rank, one in enumerate(survey.reviewers):
        parts += ["<article>", markup.element(
            "h3", f"{rank + 1}. {survey.user_ids[one.user]}"), markup.element(
            "p", f"{one.reviews} reviews; group: {survey.groups.name_of(one.user)}; {survey.method}: {one.score:.3f}, "
            f"at least {one.bound:.3f}")]
        parts += [_attended(survey, review) for review in one.evidence] + ["</article>"]
    return parts


def _attended(survey, review):
    received = ("no other reviews of this item to compare with" if not np.isfinite(review.share)
                else f"attention {review.share:.2f} times that of a uniform share")
    heading = f"{review.written.stars:g} stars, {review.written.title}: {received}"
    by = "; ".join(f"{survey.user_ids[reader.user]} ({reader.share:.2f} times; speaks of "
                   f"{' and '.join(reader.aspects) or 'no aspect'})" for reader in review.readers)
    note = markup.element("small", f"Attended most by {by}") if by else ""
    return (f"<blockquote>{markup.element('small', heading)}<br>{markup.element('span', review.written.text)}<br>"
            f"{note}</blockquote>")


def _pair(survey):
    one = survey.pair
    names = [survey.user_ids[user] for user in (one.left, one.right)]
    parts = ["<h2>Two neighbours</h2>", markup.element(
        "p", f"{names[0]} and {names[1]}: {terminal.likeness_text(one)}.")]
    for shared in one.shared:
        parts += [markup.element("h3", f"Both speak of {shared.aspect}"), _side_by_side(
            [markup.element("q", shared.left)], [markup.element("q", shared.right)])]
    histories = [[markup.element("b", name)] + [
        f"<blockquote>{markup.element('small', _heading(written))}<br>{markup.element('span', written.text)}"
        "</blockquote>" for written in history] for name, history in zip(names, one.histories)]
    return parts + [markup.element("h3", "Their longest reviews"), _side_by_side(*histories)]


def _heading(written):
    aspects = f"; speaks of {', '.join(written.aspects)}" if written.aspects else ""
    return f"{written.stars:g} stars, {written.title}{aspects}"


def _side_by_side(left, right):
    return f'<div class="plots"><div>{"".join(left)}</div><div>{"".join(right)}</div></div>'


def _neighbours(survey):
    near, ids = survey.nearest, survey.user_ids
    if not near.user.shape[1]:
        return []
    order = np.argsort(-near.likeness[:, 0], kind="stable")[:ROWS]
    rows = [(ids[user], ids[near.user[user, 0]], f"{near.likeness[user, 0]:.4f}", f"{near.above[user, 0]:.4%}")
            for user in order]
    return ["<h2>Nearest users</h2>", markup.element(
        "p", "The table neighbours.csv has the nearest users of everybody; here are the pairs that are most alike."),
        markup.table(["user", "nearest", "likeness", "less alike: pairs of users"], rows, None)]


def _interval(values):
    return "" if values is None else "{:.3f} [{:.3f}, {:.3f}]".format(*values)
