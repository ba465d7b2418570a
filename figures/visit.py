"""Records a visit to the running shop as a GIF."""
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

    def find(css):
        return window.find_element("css selector", css)

    window.get(address)
    look(HOLD)
    window.get(address + shopper)
    look(HOLD)
    scroll(160, 320, 460)
    look(HOLD)
    window.get(address + item)
    look(HOLD // 2)
    scroll(180, 360)
    look(HOLD)
    window.get(address + "/yourself")
    look(HOLD // 2)
    for start in range(0, len(WORDS), 24):
        find("#text1").send_keys(WORDS[start:start + 24])
        look(STEP)
    find(".send button").click()
    look(HOLD)
    scroll(120, 240, 360)
    look(HOLD)
    first, pictures = frames[0][0], [picture for picture, _ in frames[1:]]
    first.save(path, save_all=True, append_images=pictures, loop=0, optimize=True,
               duration=[milliseconds for _, milliseconds in frames])
    return path
