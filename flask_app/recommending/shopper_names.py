"""Readable names of shoppers, made from what they speak of: "battery life-minded, 50 reviews". The id stands beside."""

NAMED = 2  # aspects in a name
LEAST_WEIGHT, LEAST_MENTIONS = .4, 2  # of an aspect that is named: weight 0..1 of the interest, and own reviews


def name_of(user, reviews, aspects):
    """The name of a shopper of the data, plain text. Two shoppers may have one name.

    Args:
      user: row.
      reviews: number of training reviews.
      aspects: `storage.aspects.Aspects`, or None.
    """
    count = f"{reviews} review{'' if reviews == 1 else 's'}"
    found = telling(aspects.interests(user)) if aspects else []
    if not found:
        return f"a shopper, {count}"
    return f"{'- and '.join(aspects.name(interest.aspect) for interest in found)}-minded, {count}"


def telling(interests):
    """At most NAMED interests of a shopper that tell most, by falling weight."""
    chosen = [interest for interest in interests
              if interest.weight >= LEAST_WEIGHT and interest.mentions >= LEAST_MENTIONS]
    return sorted(chosen, key=lambda interest: (-interest.weight, interest.aspect))[:NAMED]
