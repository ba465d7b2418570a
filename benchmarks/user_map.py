"""`./run bench map`: frames per second while the interactive map of users (`./run tsne`) is zoomed, and its size.

The map is that of --page, or has --users artificial users. It is opened in Chromium, whose picture is made by the
processor, not by a graphics card. In each frame the wheel is turned over one map, in and out again; both maps are
drawn.
"""
import os
import tempfile

import numpy as np

from benchmarks import flags, report, shapes
from benchmarks.report import say, verdict
from models.run_folder.aspect_tables import Aspect
from runtime import browser, cli

WIDTH, HEIGHT = 1440, 1000  # pixels of the window
MIN_FRAMES, MAX_MB = 30, 8  # per second; MB (1,000,000 bytes) of the page
ASPECTS, WORDS, PASSAGE = 20, 400, 60  # aspects, different words, words of a passage
# Turns the wheel once in each frame, 40 frames in and 40 out, and gives the times of all frames in milliseconds.
ZOOM = """
const [seconds, done] = arguments, canvas = document.getElementById("attention"), times = [];
const box = canvas.getBoundingClientRect(), start = performance.now();
function step(now) {
  times.push(now);
  if (now - start > 1000 * seconds) return done(times);
  canvas.dispatchEvent(new WheelEvent("wheel", {
    deltaY: times.length % 80 < 40 ? -30 : 30, cancelable: true, bubbles: true,
    clientX: box.left + box.width / 2, clientY: box.top + box.height / 2}));
  requestAnimationFrame(step);
}
requestAnimationFrame(step);
"""


def parse_args(argv=None):
    parser = cli.Parser("./run bench map", description=__doc__)
    parser.add_argument("--page", metavar="FILE", help="map.html of ./run tsne; default: a map of artificial users")
    parser.add_argument("--users", type=int, default=20000, help="number of artificial users")
    parser.add_argument("--seconds", type=float, default=10., help="duration of the zooming")
    args = flags.parse(parser, argv, "users", "seconds")
    if args.users < 10:
        parser.error(f"--users {args.users}: give 10 or more")
    if args.seconds > browser.PATIENCE / 2:
        parser.error(f"--seconds {args.seconds}: give at most {browser.PATIENCE / 2:g}")
    if args.page and not os.path.isfile(args.page):
        parser.error(f"--page {args.page}: no such file; ./run tsne writes runs/RUN/users/map.html")
    return args


def page_of(users, seed=2017):
    """Returns the bytes of the map of artificial users, each with aspects, words, items and a passage."""
    from tSNE.page import content, writing

    return writing.page(content.of_maps(artificial(users, np.random.RandomState(seed))))


def artificial(users, random):
    """Returns the UserMaps of users at random places, in groups of a few hundred."""
    from tSNE import colours, maps, survey, user_maps
    from tSNE.people import Person

    groups = max(2, min(28, users // 5))
    group = random.randint(groups, size=users)
    centres = random.normal(size=(groups, 2)) * 20
    points = [random.normal(size=(users, 2)) * 9, centres[group] + random.normal(size=(users, 2))]
    vectors = maps.unit(np.eye(groups)[group] + .1 * random.normal(size=(users, groups)))
    words = tuple(shapes.letters(number + 3) for number in range(WORDS))
    aspects = tuple(Aspect(f"a{number}", words[number], words[number:number + 8]) for number in range(ASPECTS))
    mentions = random.poisson(1, (users, ASPECTS))
    near = (np.arange(users)[:, np.newaxis] + np.arange(1, 7)) % users
    people = [Person(tuple((int(one), int(row[one]), .5) for one in np.flatnonzero(row)[:5]),
                     tuple(int(word) for word in random.randint(WORDS, size=8)),
                     tuple(int(item) for item in random.randint(users, size=6)),
                     " ".join(words[word] for word in random.randint(WORDS, size=PASSAGE)), 4., 0) for row in mentions]
    dominant, reviews = mentions.argmax(axis=1), mentions.sum(axis=1) + 1
    colourings = [colours.Colouring(colours.ASPECT, "dominant aspect", dominant, words[:ASPECTS]),
                  colours.Colouring(colours.GROUP, "groups", group, words[:groups]),
                  colours.Colouring(colours.REVIEWS, "number of reviews", reviews.astype(float))]
    made = survey.Survey((vectors, vectors), group, np.zeros((WORDS, groups)), [(words[one],) for one in range(groups)],
                         (0., .9))
    tables = _Aspects(aspects, mentions, reviews)
    ids = [f"U{number}" for number in range(users)]
    titles = [f"Toy {number}" for number in range(users)]
    return user_maps.UserMaps(made, points, ids, None, {}, f"{users:,} artificial users",
                              {one.name: one for one in colourings}, colourings[0], tables, people, near,
                              np.ones((users, 6)), words, titles)


class _Aspects:
    """What the page reads of the tables of a run's aspects."""

    def __init__(self, aspects, mentions, reviews):
        self.aspects, self.user_mentions, self.user_reviews = aspects, mentions, reviews
        self.user_praise = mentions / 2


def measure(path, seconds):
    """Returns the figures of the map in an HTML file."""
    with browser.window(browser.installed(), f"--window-size={WIDTH},{HEIGHT}") as window:
        window.get("file://" + os.path.abspath(path))
        frames = np.diff(window.execute_async_script(ZOOM, seconds))
        users = window.execute_script("return JSON.parse(document.querySelector('script[type=\"application/json\"]')"
                                      ".textContent).ids.length")
    return {"users": users, "frames_per_second": float(1000 / frames.mean()), "frames": len(frames),
            "median_ms": float(np.median(frames)), "p95_ms": float(np.percentile(frames, 95)),
            "slowest_ms": float(frames.max()), "mb": os.path.getsize(path) / 1e6}


def main(argv=None):
    args = parse_args(argv)
    browser.installed()
    with tempfile.TemporaryDirectory() as folder:
        path = args.page or os.path.join(folder, "map.html")
        if not args.page:
            with open(path, "wb") as out:
                out.write(page_of(args.users))
        figures = measure(path, args.seconds)
    say(f"{figures['users']:,} users, window of {WIDTH} x {HEIGHT} pixels: {figures['frames_per_second']:.0f} frames "
        f"per second while zooming, of {figures['frames']} frames; target at least {MIN_FRAMES}: "
        f"{verdict(figures['frames_per_second'] >= MIN_FRAMES)}")
    say(f"milliseconds between frames: median {figures['median_ms']:.1f}, 95th percentile {figures['p95_ms']:.1f}, "
        f"longest {figures['slowest_ms']:.1f}")
    say(f"page: {figures['mb']:.1f} MB; target at most {MAX_MB}: {verdict(figures['mb'] <= MAX_MB)}")
    report.write(args, figures)


if __name__ == "__main__":
    cli.run(main)
