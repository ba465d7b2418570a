"""The wire: names of the SavedModel's signatures, inputs and outputs. One owner for both ends.

Shapes use the legend `B` batch, `R` reviews, `L` words, `k` items asked for. Ids are the rows of the
artefact and the catalogue (int32, users and items from 0, reviews from 1; review 0 is an empty slot).

serving_default  texts_u [B,R,L], texts_i [B,R,L] int32 word ids; uid [B,1], iid [B,1] int32;
                 residuals_i [B,R] float32, residual stars of the item's reviews, 0 where unknown
              -> rating [B,1], user_rev_weights [B,R], item_rev_weights [B,R] float32
rank             uid [B] int32, k [] int32
              -> iid [B,k] int32, rating [B,k] float32, best first, over the whole catalogue
rank_unbought    as rank, without the items the shopper has training reviews of. Where fewer than k are
                 left, iid is -1 and rating 0 in the places left over
explain          uid [B], iid [B] int32
              -> rating [B] float32, and of all training reviews of the item, in catalogue order, R the
                 most in this batch: item_reviews [B,R] int32 (0 = no review), item_weights [B,R],
                 item_personal [B,R] (the part "like what this shopper cares about"), item_useful [B,R]
                 (the part "useful to anybody"), item_votes [B,R] (what each adds to the rating, in stars);
                 of the shopper's: user_reviews [B,R'] int32, user_weights [B,R']
fold_in          a new shopper, without an id: texts [1,R',L] int32 word ids of what they wrote, rated_iid
                 [1,R'] int32 the item each is about (-1 = not said), stars [1,R'] float32 (0 = not given, else
                 up to 5); a text may be empty where only stars are given; k [] int32
              -> as rank, without the items in rated_iid; k of the whole catalogue
fold_in_explain  texts, rated_iid, stars as for fold_in, iid [B] int32
              -> as explain; user_reviews [B,R'] are the places of the texts, from 1 (0 = empty text)

k is 1 to the catalogue's size. The mathematics of a new shopper stand in `models.shopper.new`. Only the
first L words of a text are read, L of meta.json's sizes, as in training. Words become ids as
`preprocessing.tokenise` and the exported vocabulary.txt say: a word's id is its line, from 0; the unknown
are 1.
"""
MODEL_NAME = "deeprecsys"

SERVING_DEFAULT = "serving_default"
RANK = "rank"
RANK_UNBOUGHT = "rank_unbought"
EXPLAIN = "explain"
FOLD_IN = "fold_in"
FOLD_IN_EXPLAIN = "fold_in_explain"

TEXTS_USER, TEXTS_ITEM = "texts_u", "texts_i"
USER, ITEM, TOP_K = "uid", "iid", "k"
RESIDUALS_ITEM = "residuals_i"
RATING = "rating"
USER_REVIEW_WEIGHTS, ITEM_REVIEW_WEIGHTS = "user_rev_weights", "item_rev_weights"
ITEM_REVIEWS, ITEM_WEIGHTS = "item_reviews", "item_weights"
ITEM_PERSONAL, ITEM_USEFUL, ITEM_VOTES = "item_personal", "item_useful", "item_votes"
USER_REVIEWS, USER_WEIGHTS = "user_reviews", "user_weights"
TEXTS, RATED_ITEMS, STARS = "texts", "rated_iid", "stars"
