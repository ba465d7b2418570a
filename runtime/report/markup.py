"""HTML elements of the page. All text that is given is escaped here."""
import base64
from html import escape

from runtime.report import charts

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
STYLE = """
* { box-sizing: border-box }
body { font: 16px/1.5 Georgia, serif; color: #2b211d; max-width: 84rem; margin: 1rem auto; padding: 0 1rem }
h1, h2, h3, th, td, dl, figcaption, small, .cards { font-family: Helvetica, Arial, sans-serif }
h1 { font-size: 1.5rem; margin: .3rem 0 } h2 { margin-top: 2.2rem; border-bottom: 2px solid #b5532a }
p, li, blockquote { max-width: 46rem }
.facts { color: #6b5d55; margin: 0 0 1rem; max-width: none }
.cards, .plots { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(18.5rem, 1fr)) }
.card { border: 1px solid #ddd; border-radius: 6px; padding: .8rem 1rem; font-size: 14px }
.card h2 { font-size: 1rem; margin: 0; border: 0 } .card p { margin: .4rem 0 }
.card .value { font-size: 2.2rem; font-weight: bold; color: #b5532a; line-height: 1.2 }
.bars { display: grid; grid-template-columns: minmax(0, auto) minmax(4rem, 1fr) auto; gap: .15rem .5rem;
align-items: center; font-size: 12.5px; margin: .6rem 0 }
.track { position: relative; height: .95rem; background: #f3f0ed } .track b { display: block; height: 100%;
background: #5b7f9f } .ours .track b, .track.ours b { background: #b5532a }
.track i { position: absolute; top: -2px; bottom: -2px; width: 2px; background: #2b211d }
.mark { font-weight: bold } .note { color: #6b5d55 }
.plots { grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)) }
figure { margin: 0 } figcaption { font-size: 14px } img { width: 100%; max-width: 36rem; height: auto }
.wide { overflow-x: auto } table { border-collapse: collapse; font-size: 13px }
th, td { text-align: right; padding: .2rem .55rem; border-bottom: 1px solid #ddd; white-space: nowrap }
th { white-space: normal; vertical-align: bottom }
th:first-child, td:first-child { text-align: left; position: sticky; left: 0; background: #fff; white-space: normal;
min-width: 8.5rem }
@media (min-width: 60rem) { th:first-child, td:first-child { white-space: nowrap } }
tr.ours td, td.ours { font-weight: bold; background: #f8eee9 }
blockquote { margin: .5rem 0; padding-left: .8rem; border-left: 3px solid #5b7f9f; overflow-wrap: anywhere }
blockquote.own { border-color: #b5532a } article { border-top: 1px solid #ccc } h3 { overflow-wrap: anywhere }
"""


def document(title, parts):
    """The whole page of a title and of HTML parts; it holds no script and loads nothing."""
    return (f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n<meta name="viewport" '
            f'content="width=device-width, initial-scale=1">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
            f"\n<title>{escape(title)}</title>\n<style>{STYLE}</style></head>\n<body>\n"
            + "\n".join(parts) + "\n</body></html>\n")


def element(name, text, css=""):
    """An element of escaped text, with a CSS class."""
    attribute = f' class="{css}"' if css else ""
    return f"<{name}{attribute}>{escape(str(text))}</{name}>"


def table(head, rows, ours):
    """A table; rows and columns whose heading is `ours` are highlighted. Wide tables scroll on their own."""
    columns = [name == ours for name in head]
    lines = ["<tr>" + "".join(element("th", name) for name in head) + "</tr>"]
    for row in rows:
        cells = "".join(element("td", cell, "ours" if column else "") for cell, column in zip(row, columns))
        lines.append(f"<tr{' class=ours' if row[0] == ours else ''}>{cells}</tr>")
    return '<div class="wide"><table>\n' + "\n".join(lines) + "\n</table></div>"


def bars(values, ours, top, chance=None):
    """Horizontal bars.

    Args:
      values: [(label, number)] in the order of display.
      ours: label of the highlighted bar.
      top: number at the right end of the bars; the left end is 0.
      chance: number that a line marks, or None.
    """
    lines = []
    for label, value in values:
        css, share = (" ours" if label == ours else ""), 100 * min(max(value / top, 0), 1) if top else 0
        line = "" if chance is None else f'<i style="left:{100 * min(chance / top, 1):.1f}%"></i>'
        lines.append(f'{element("span", label, "mark" if css else "")}<span class="track{css}">'
                     f'<b style="width:{share:.1f}%"></b>{line}</span>'
                     f'{element("span", f"{value:.3f}", "mark" if css else "")}')
    return '<div class="bars">' + "\n".join(lines) + "</div>"


def picture(figure, caption):
    """A plot with its caption, which is also the alternative text."""
    data = base64.b64encode(charts.png(figure)).decode("ascii")
    return (f'<figure><figcaption>{escape(caption)}</figcaption>'
            f'<img alt="{escape(caption)}" src="data:image/png;base64,{data}"></figure>')
