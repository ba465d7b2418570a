"""Names of the SavedModel's signatures, inputs and outputs, shared by the export, the model server and its clients.

Shapes: `B` batch, `R` reviews of the item, `R'` reviews of the user, `L` words, `k` items requested, `X` items
excluded. Ids are the rows of the artefact and the catalogue (int32, users and items from 0, reviews from 1; review 0
is an empty slot).

serving_default  texts_u [B,R,L], texts_i [B,R,L] int32 word ids; uid [B,1], iid [B,1] int32;
                 residuals_i [B,R] float32, residual stars of the item's reviews, 0 where unknown
              -> rating [B,1], user_rev_weights [B,R], item_rev_weights [B,R] float32
rank             uid [B] int32, k [] int32
              -> over the whole catalogue, best first: iid [B,k] int32; rating [B,k] float32 predicted stars; score
                 [B,k] float32, by which the items are ordered (the rating, where the export is ordered by stars)
rank_unbought    as rank, without the items of which the user has training reviews. If fewer than k items
                 are left, the remaining positions hold iid -1, rating 0 and score 0
rank_excluding   uid [B] int32, k [] int32, exclude_iid [B,X] int32 items to leave out (-1 = none), unbought []
                 bool, whether to leave out the items that rank_unbought leaves out, too
              -> as rank_unbought
rank_evidence    as rank_excluding, ordered by the evidence of the reviews alone (score: E + w_V V + w_A A - c)
explain          uid [B], iid [B] int32
              -> rating [B] float32; of all training reviews of the item, in catalogue order (R: the largest number in
                 this batch): item_reviews [B,R] int32 (0 = no review), item_weights [B,R] attention weights,
                 item_personal [B,R] their personal part ("like what this user cares about"), item_useful [B,R]
                 their impersonal part ("useful to every reader"), item_votes [B,R] the stars that each review adds
                 to the rating; of the reviews of the user: user_reviews [B,R'] int32, user_weights [B,R'].
                 Unless the export is ordered by stars: score [B] as in rank, the sum of its parts score_base (the same
                 for all items of a user), score_evidence, score_purchases and score_popularity [B]; item_shares [B,R]
                 shares of the reviews in the evidence; the purchases of the user that add most, at most 5:
                 bought_iid [B,5] int32 (-1 = none), bought_parts [B,5], parts of score_purchases
fold_in          for a new user without an id: texts [1,R',L] int32 word ids of the user's reviews, rated_iid
                 [1,R'] int32 the item of each review (-1 = unknown), stars [1,R'] float32 (0 = not given, else
                 at most 5); a text may be empty if its stars are given; R' is at most MOST_TEXTS, 256; k [] int32
              -> as rank, without the items in rated_iid
fold_in_evidence as fold_in, ordered by the evidence of the reviews alone (score: E + w_V V + w_A A - c)
fold_in_explain  texts, rated_iid, stars as for fold_in, iid [B] int32
              -> as explain; user_reviews [B,R'] are the positions of the texts, from 1 (0 = empty text)

Neither rank_evidence nor fold_in_evidence is in an export ordered by stars, or of an order whose evidence has no form
(see `models.export.served_order`). k is between 1 and the size of the catalogue. `models.export.shopper` holds the
mathematics of a new user. Only the first L words of a text are read (L from the sizes in meta.json), as in training.
Texts are split into words by the `tokeniser` named in meta.json. The id of a word is its line in vocabulary.txt, from
0; id 1 stands for words that are not in the vocabulary, id 0 is padding.
"""
MODEL_NAME = "deeprecsys"
MOST_TEXTS = 256  # R' of a new user: ranking weighs each text for each item of the catalogue
REVIEW_COUNTS = "review_counts.npz"  # asset with the numbers of reviews that are weighed: "items" [I] and "users" [U]

SERVING_DEFAULT = "serving_default"
RANK = "rank"
RANK_UNBOUGHT = "rank_unbought"
RANK_EXCLUDING = "rank_excluding"
RANK_EVIDENCE = "rank_evidence"
EXPLAIN = "explain"
FOLD_IN = "fold_in"
FOLD_IN_EVIDENCE = "fold_in_evidence"
FOLD_IN_EXPLAIN = "fold_in_explain"

TEXTS_USER, TEXTS_ITEM = "texts_u", "texts_i"
USER, ITEM, TOP_K = "uid", "iid", "k"
EXCLUDED, UNBOUGHT = "exclude_iid", "unbought"
RESIDUALS_ITEM = "residuals_i"
RATING, SCORE = "rating", "score"
SCORE_BASE, SCORE_EVIDENCE = "score_base", "score_evidence"
SCORE_PURCHASES, SCORE_POPULARITY = "score_purchases", "score_popularity"
ITEM_SHARES, BOUGHT_ITEMS, BOUGHT_PARTS = "item_shares", "bought_iid", "bought_parts"
USER_REVIEW_WEIGHTS, ITEM_REVIEW_WEIGHTS = "user_rev_weights", "item_rev_weights"
ITEM_REVIEWS, ITEM_WEIGHTS = "item_reviews", "item_weights"
ITEM_PERSONAL, ITEM_USEFUL, ITEM_VOTES = "item_personal", "item_useful", "item_votes"
USER_REVIEWS, USER_WEIGHTS = "user_reviews", "user_weights"
TEXTS, RATED_ITEMS, STARS = "texts", "rated_iid", "stars"
