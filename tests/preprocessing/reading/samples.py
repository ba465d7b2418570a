"""A small corpus in every layout that is read, for tests: `LAYOUTS` maps a name to the bytes of its file."""
import csv
import io
import json

COUNT = 12
RECORDS = [{"reviewerID": f"U{row % 5}", "asin": f"000{row % 7}", "overall": 1. + row % 5, "summary": f"Fine {row}",
            "reviewText": f'Loud, "{row}"\nand quiet.', "helpful": [row % 3, 3], "unixReviewTime": 1400000000 + row}
           for row in range(COUNT)]
OF_2018 = [{"overall": row["overall"], "vote": str(row["helpful"][0]), "reviewTime": "05 13, 2014", "reviewerID":
            row["reviewerID"], "asin": row["asin"], "reviewText": row["reviewText"], "summary": row["summary"]}
           for row in RECORDS]
OF_2023 = [{"rating": row["overall"], "title": row["summary"], "text": row["reviewText"], "images": [], "asin": "X",
            "parent_asin": row["asin"], "user_id": row["reviewerID"], "timestamp": 1000 * row["unixReviewTime"],
            "helpful_vote": row["helpful"][0], "verified_purchase": True} for row in RECORDS]
YELP = [{"review_id": str(number), "user_id": row["reviewerID"], "business_id": row["asin"], "stars": row["overall"],
         "useful": row["helpful"][0], "funny": 0, "cool": 0, "text": row["reviewText"], "date": "2014-05-13 16:53:20"}
        for number, row in enumerate(RECORDS)]
GOODREADS = [{"user_id": row["reviewerID"], "book_id": row["asin"], "review_id": "r", "rating": int(row["overall"]),
              "review_text": row["reviewText"], "date_added": "Tue May 13 09:53:20 -0700 2014", "n_votes":
              row["helpful"][0]} for row in RECORDS]
KAGGLE = [{"Id": number, "ProductId": row["asin"], "UserId": row["reviewerID"], "HelpfulnessNumerator":
           row["helpful"][0], "HelpfulnessDenominator": 3, "Score": row["overall"], "Time": row["unixReviewTime"],
           "Summary": row["summary"], "Text": row["reviewText"]} for number, row in enumerate(RECORDS)]


def json_lines(records):
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def table(records, **dialect):
    out = io.StringIO()
    writer = csv.DictWriter(out, list(records[0]), **dialect)
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue().encode()


LAYOUTS = {
    "2014": json_lines(RECORDS), "2018": json_lines(OF_2018), "2023": json_lines(OF_2023), "yelp": json_lines(YELP),
    "goodreads": json_lines(GOODREADS), "array": json.dumps(RECORDS).encode(),
    "pretty": json.dumps(RECORDS, indent=2).encode(),
    "pretty objects": "\n".join(json.dumps(record, indent=2) for record in RECORDS).encode(),
    "literals": "".join(f"{record!r}\n" for record in RECORDS).encode(),
    "csv": table(KAGGLE), "csv of 2014": table(RECORDS), "tsv": table(KAGGLE, delimiter="\t"),
    "semicolons": table(KAGGLE, delimiter=";"),
    "escaped": table(KAGGLE, doublequote=False, escapechar="\\", quoting=csv.QUOTE_ALL),
}
