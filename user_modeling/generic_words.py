"""English words that reviews use of anything, which name no aspect: of the act of buying and of reviewing, of the
people, of overall praise, of quantities. scikit-learn's English stop words are left out as well.

A corpus of another language has no such list: there, words that are spread over users and items as chance would have it
are left out, see `words.py`.
"""
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

OF_REVIEWS = """
    bought buy buys buying purchase purchased purchases purchasing order ordered ordering orders got get gets getting
    own owned owns paid
    recommend recommended recommends recommending recommendation star stars review reviews reviewer reviewers reviewed
    rating rate rated opinion product products item items thing things stuff amazon seller brand
    lot lots bit great greatly good nice nicely excellent awesome amazing love loved loves loving like liked likes
    perfect perfectly best better well happy happier pleased glad satisfied wonderful fantastic superb lovely favorite
    terrible horrible awful disappointed disappointing disappointment bad worse worst wrong fine okay ok decent average
    really very definitely highly absolutely totally completely certainly surely probably maybe perhaps actually pretty
    quite overall however though although especially simply exactly
    son daughter husband wife friend friends kid kids boy boys girl girls grandson granddaughter family mother
    father mom dad sister brother nephew niece grandkids cousin guy guys man woman people person everybody anybody
    use used using uses user need needed needs want wanted wants think thinking thought know knew known knows say said
    says saying tell told try tried trying tries feel felt believe guess hope wish expect expected see saw seen hear
    heard read reading find finds finding found give gives given giving gave keep kept let put start started end ended
    decide decided considered consider
    far long ago year years month months week weeks day days time times today yesterday tomorrow now later soon
    just even still much many little also way ever never always sometimes
    make makes made making go goes going went gone come comes coming came does did doing done don work works worked
    working look looks looking looked seem seems seemed take takes taking took turn turned
    one two three four five six seven eight nine ten first second third couple half
    sure able old big different same kind sort fact reason case point idea mind course question
    i've i'm it's don't i'd you're that's doesn't can't didn't won't i'll they're isn't wasn't there's you'll what's
    haven't wouldn't couldn't aren't hasn't shouldn't you've he's she's let's who's we're we've
    dont didnt doesnt cant wont im ive
    yes right left real true mean means bucks anyone everyone someone
""".split()
WORDS = frozenset(ENGLISH_STOP_WORDS) | frozenset(OF_REVIEWS)


def is_generic(word):
    """Whether a word names no aspect: one of WORDS, a single letter of a to z, or digits alone."""
    return word in WORDS or word.isdigit() or (len(word) == 1 and "a" <= word <= "z")
