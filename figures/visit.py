"""Records a visit to the running shop as a GIF: a visitor says what matters, sees the ranking, and why it is so."""
import io

from PIL import Image

WORDS = "The battery died after two days. I want cells that last, and a quiet speaker."
WIDTH, HEIGHT, SHOWN = 1200, 800, 800  # pixels: width and height of the window, width of the picture
HOLD, STEP = 2200, 450  # milliseconds that a view is shown, and a step of scrolling or typing
COLOURS = 128


def take(window, address, shopper, item, path):
    """Writes the visit as a GIF; returns its path.

    Args:
      window: a WebDriver of Chromium.
      address: of the shop.
      shopper, item: paths of their pages in the shop.
      path: the file.
    """
    window.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False})
    frames = []

    def look(milliseconds):
        picture = Image.open(io.BytesIO(window.get_screenshot_as_png())).convert("RGB")
        picture = picture.resize((SHOWN, SHOWN * HEIGHT // WIDTH), Image.LANCZOS)
        frames.append((picture.convert("P", palette=Image.ADAPTIVE, colors=COLOURS), milliseconds))

    def scroll(*positions):
        for position in positions:
            window.execute_script("scrollTo(0, arguments[0])", position)
            look(STEP)

    def find(*selectors):
        """The first element of the first selector that the page has; None where it has none of them."""
        return next((found[0] for found in (window.find_elements("css selector", css) for css in selectors) if found),
                    None)

    def tap(milliseconds, *selectors):
        element = find(*selectors)
        if element:
            window.execute_script("arguments[0].click()", element)
            look(milliseconds)

    window.get(address)
    look(HOLD)
    if find("#want-0"):
        tap(HOLD // 2, "label[for=want-0]")
        tap(HOLD // 2, "label[for=avoid-1]")
    else:  # a run without aspects
        for start in range(0, len(WORDS), 24):
            find("#own-words").send_keys(WORDS[start:start + 24])
            look(STEP)
    tap(HOLD, ".send button")
    scroll(120, 240)
    tap(HOLD, "article details summary")
    scroll(360, 480, 600)
    look(HOLD)
    window.execute_script("scrollTo(0, 0)")
    tap(HOLD, ".more-tastes a")
    tap(HOLD, "article h2 a")
    scroll(180, 360, 540)
    look(HOLD)
    for page in (shopper, item):
        window.get(address + page)
        look(HOLD)
    first, pictures = frames[0][0], [picture for picture, _ in frames[1:]]
    first.save(path, save_all=True, append_images=pictures, loop=0, optimize=True,
               duration=[milliseconds for _, milliseconds in frames])
    return path
