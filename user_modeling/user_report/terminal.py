"""What `./run users` prints: a short summary of a Survey, and two users side by side."""
import shutil
import textwrap
from itertools import zip_longest

from user_modeling.neighbours import short

GROUPS, REVIEWERS = 12, 5  # lines at most
NARROWEST, WIDEST = 30, 78  # characters of a column


def summary(survey):
    """Returns the lines on groups and reviewers."""
    lines = [groups_line(survey)]
    for number, (name, users) in enumerate(zip(survey.groups.names[:GROUPS], survey.groups.sizes())):
        lines.append(f"  {short(name):<44}{users:>6} users   {lift_text(survey.lifts[number])}".rstrip())
    if len(survey.groups.names) > GROUPS:
        lines.append(f"  and {len(survey.groups.names) - GROUPS} more")
    lines += ["", f"Who always writes helpful reviews. {survey.agreement.why}"]
    for rank, one in enumerate(survey.reviewers[:REVIEWERS]):
        lines.append(f"  {rank + 1}. {short(survey.user_ids[one.user]):<24}{one.reviews:>4} reviews   "
                     f"{survey.groups.name_of(one.user)}")
    return "\n".join(lines)


def groups_line(survey):
    """Returns a sentence on the number of groups and on their held-out reviews."""
    found = survey.groups
    if not found.names:
        return "No user speaks of an aspect, so that there are no groups."
    reached = found.agreement.get(len(found.names))
    how = "given number" if reached is None else f"groups of two halves of the users agree by {reached:.2f}"
    if len(found.names) == 1:
        how = "too few users for more"
    text = f"{len(found.names)} groups of users by aspect ({how})."
    if survey.lift is not None:
        text += (f" Held-out reviews of members speak of their group's aspects {survey.lift.value:.2f} times as often "
                 f"as those of others [{survey.lift.low:.2f}, {survey.lift.high:.2f}].")
    return text


def lift_text(lift):
    """Returns a Lift in words; empty for None."""
    return "" if lift is None else f"lift {lift.value:.2f} [{lift.low:.2f}, {lift.high:.2f}]"


def likeness_text(pair):
    """Returns the likeness of a Pair in words."""
    others = "all random pairs" if pair.above >= 1 else f"{100 * pair.above:.3f} % of all pairs"
    return f"likeness {pair.likeness:.4f} of at most 1, more than {others} of users"


def pair(survey):
    """Returns the two users of a Survey side by side."""
    one = survey.pair
    width = max(NARROWEST, min(WIDEST, (shutil.get_terminal_size((100, 24)).columns - 3) // 2))
    names = [short(survey.user_ids[user]) for user in (one.left, one.right)]
    lines = [f"Two neighbours: {names[0]} and {names[1]}; {likeness_text(one)}"]
    for shared in one.shared:
        lines += ["", f"Both speak of {shared.aspect}:"] + _columns([shared.left], [shared.right], width)
    lines += [""] + _columns(*([name, "-" * min(width, len(name))] + [
        f"{written.stars:g} stars, {short(written.title)}: {written.text}" for written in history]
        for name, history in zip(names, one.histories)), width=width)
    return "\n".join(lines)


def _columns(left, right, width):
    """Paragraphs (lists of texts) in two columns of a width."""
    lines = []
    for pair_of_texts in zip_longest(left, right, fillvalue=""):
        wrapped = [textwrap.wrap(text, width) for text in pair_of_texts]
        lines += [f"{one:<{width}} | {other}".rstrip() for one, other in zip_longest(*wrapped, fillvalue="")]
    return lines
