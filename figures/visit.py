"""Records a visit to the running shop as a GIF: a visitor says what matters, sees the ranking, and why it is so."""
import io

from PIL import Image

WORDS = "The battery died after two days. I want cells that last, and a quiet speaker."
WIDTH, HEIGHT, SHOWN = 1200, 800, 800  # pixels: width and height of the window, width of the picture
HOLD, STEP = 2200, 450  # milliseconds that a view is shown, and a step of scrolling or typing
COLOURS = 128


class Recording:
    """The frames of a GIF, taken in a browser one after the other.

    Args:
      window: a WebDriver of Chromium, whose size is set.
    """

    def __init__(self, window):
        self.window, self.frames = window, []  # (picture, milliseconds)
        window.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False})

    def look(self, milliseconds):
        """Adds the page as it is now, to be shown that long."""
        picture = Image.open(io.BytesIO(self.window.get_screenshot_as_png())).convert("RGB")
        picture = picture.resize((SHOWN, SHOWN * HEIGHT // WIDTH), Image.LANCZOS)
        self.frames.append((picture.convert("P", palette=Image.ADAPTIVE, colors=COLOURS), milliseconds))

    def open(self, address):
        self.window.get(address)
        self.look(HOLD)

    def scroll(self, *positions):
        """Adds a frame at each position, in pixels from the top of the page."""
        for position in positions:
            self.window.execute_script("scrollTo(0, arguments[0])", position)
            self.look(STEP)

    def find(self, selector):
        """Returns the first element of a CSS selector; None where the page has none."""
        return next(iter(self.window.find_elements("css selector", selector)), None)

    def tap(self, milliseconds, selector):
        """Clicks the first element of a CSS selector and adds a frame; does nothing where the page has none."""
        element = self.find(selector)
        if element:
            self.window.execute_script("arguments[0].click()", element)
            self.look(milliseconds)

    def save(self, path):
        first, pictures = self.frames[0][0], [picture for picture, _ in self.frames[1:]]
        first.save(path, save_all=True, append_images=pictures, loop=0, optimize=True,
                   duration=[milliseconds for _, milliseconds in self.frames])


def take(window, address, shopper, item, path):
    """Writes the visit as a GIF; returns its path.

    Args:
      window: a WebDriver of Chromium.
      address: of the shop.
      shopper, item: paths of their pages in the shop.
      path: the file.
    """
    recording = Recording(window)
    recording.open(address)
    _say_what_matters(recording)
    recording.scroll(120, 240)
    recording.tap(HOLD, "article details summary")
    recording.scroll(360, 480, 600)
    recording.look(HOLD)
    window.execute_script("scrollTo(0, 0)")
    recording.tap(HOLD, ".more-tastes a")
    recording.tap(HOLD, "article h2 a")
    recording.scroll(180, 360, 540)
    recording.look(HOLD)
    for page in (shopper, item):
        recording.open(address + page)
    recording.save(path)
    return path


def _say_what_matters(recording):
    """Chooses one aspect to want and one to avoid, or types WORDS where the run has no aspects, and sends that."""
    if recording.find("#want-0"):
        recording.tap(HOLD // 2, "label[for=want-0]")
        recording.tap(HOLD // 2, "label[for=avoid-1]")
    else:
        for start in range(0, len(WORDS), 24):
            recording.find("#own-words").send_keys(WORDS[start:start + 24])
            recording.look(STEP)
    recording.tap(HOLD, ".send button")
