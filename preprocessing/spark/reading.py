"""The stages of reading reviews on Spark: files -> chunks of lines -> parts -> the corpus."""
from tqdm import tqdm

from preprocessing import readers
from preprocessing.spark import pieces, session
from runtime import cli
from runtime.cli import UserError


def read_reviews(paths, how, counts, tokeniser, folder, master):
    """Reads the reviews of files on the workers of Spark, with the result and the errors of `readers.read_reviews`.

    The memory of this process holds ids and numbers, as there, and one part at a time.

    Args:
      paths: list of files, which every worker reads by the same paths.
      how, counts, tokeniser, folder: as there.
      master: URL of the cluster, such as local[2].

    Returns:
      (`Corpus`, {reason: number of rows dropped}).

    Raises:
      UserError: as there, or Spark cannot start or go on.
    """
    session.require(master)
    from pyspark import StorageLevel

    reviews = readers.Reviews(how, counts, tokeniser, folder)
    files = pieces.sources(paths, reviews)
    count = files[-1].first + files[-1].pieces
    cli.log.info("reading %d files in %d pieces by Spark at %s", len(files), count, master)
    with session.context(master, folder) as spark:
        chunks = spark.parallelize(range(len(files)), len(files)).flatMap(lambda number: pieces.chunks(files[number]))
        outcomes = chunks.partitionBy(count, lambda piece: piece).mapPartitions(lambda keyed: [
            pieces.outcome([chunk for _, chunk in keyed], files, how, tokeniser)]).persist(StorageLevel.DISK_ONLY)
        outcomes.count()  # all workers at once; the iterator below asks for one piece after the other
        for outcome in tqdm(outcomes.toLocalIterator(), "join", count, unit="piece", leave=False, disable=None):
            if outcome.error:
                raise UserError(outcome.error)
            reviews.extend(outcome.part)
    return reviews.corpus(paths[0]), counts.dropped
