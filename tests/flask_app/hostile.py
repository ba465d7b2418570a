"""More than 200 hostile texts: markup, quotes, control characters, injections."""
import itertools

_RUN = "document.title='tripped'"
_TAGS = [
    "<script>{0}</script>", "</script><script>{0}</script>", "<img src=x onerror=\"{0}\">",
    "<svg onload=\"{0}\">", "<svg><script>{0}</script></svg>", "<body onload={0}>",
    "<iframe src=\"javascript:{0}\"></iframe>", "<a href=\"javascript:{0}\">x</a>",
    "<details open ontoggle={0}>", "<video><source onerror={0}></video>", "<math><mi//xlink:href=x>",
    "<input autofocus onfocus={0}>", "<style>*{{background:url('javascript:{0}')}}</style>",
    "<link rel=stylesheet href=//x.invalid/a.css>", "<meta http-equiv=refresh content=0;url=//x>",
    "<base href=//x.invalid/>", "<form action=//x.invalid/><button>x", "<object data=\"{0}\">",
    "<template><script>{0}</script></template>", "<noscript><p title=\"</noscript><img src=x "
    "onerror={0}>\">", "<!--<script>{0}--></script>", "<![CDATA[<script>{0}</script>]]>"]
_QUOTES = ["{}", "\">{}", "'>{}", "-->{}", "</title>{}", "</textarea>{}", "</q></p>{}", "`{}"]
_OTHER = [
    "&lt;script&gt;{0}&lt;/script&gt;", "&#60;script&#62;{0}&#60;/script&#62;",
    "&amp;lt;script&amp;gt;{0}", "{{{{ 7*7 }}}}", "{{% raw %}}{{{{ config }}}}", "${{7*7}}", "#{{7*7}}",
    "'; DROP TABLE reviews; --", "\" OR \"\"=\"", "1' UNION SELECT * FROM users --", "%' OR 1=1 --",
    "\\'; --", "../../etc/passwd", "..%2f..%2fetc", "\u202eright to left\u202c", "\u2066a\u2067b\u2069",
    "a\u0000b", "\u0001\u0002\u001b[31mred", "\r\nSet-Cookie: a=b", "\ufeffbom", "\ufffe\uffff",
    "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467", "Z\u0351\u034b\u0321al\u034fgo" * 9,
    "\u0627\u0644\u0639\u0631\u0628\u064a\u0629", "\u4e2d\u6587\u8bc4\u8bba", "%00%0a%3Cscript%3E",
    "javascript:{0}", "data:text/html,<script>{0}</script>", "%s%n%x%d", "\\u003cscript\\u003e",
    "A" * 5000, "word " * 2000, "=cmd|' /C calc'!A0", "None", "null", "NaN", "-1e999", "\u00a0"]

TEXTS = [quote.format(tag).format(_RUN) for tag, quote in itertools.product(_TAGS, _QUOTES)] + [
    text.format(_RUN) for text in _OTHER]
