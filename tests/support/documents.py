"""Reads Markdown documents: their links, their headings, and the commands that they show."""
import os
import re
from typing import List, NamedTuple
from urllib.parse import unquote

LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?[^)]*\)|\b(?:href|src)=\"([^\"]+)\"")
REFERENCE = re.compile(r"^ {0,3}\[[^\]]+\]:\s*(\S+)", re.M)
HEADING = re.compile(r"#{1,6}\s+(.*?)\s*#*$")
FENCE = re.compile(r"\s*(```|~~~)")
COMMAND = re.compile(r"(?:^|[\s(`])\./run\s+([\w-]+)(.*)")
SCRIPT = re.compile(r"\b(?:python[\d.]*|bash|sh)\s+([\w./-]+\.(?:py|sh))\b(.*)")
MODULE = re.compile(r"\bpython[\d.]*\s+-m\s+([\w.]+)")
TEST_PATH = re.compile(r"(?<![\w/])tests/[\w./*-]*[\w*/](?:::\w+)?")
PATH = re.compile(r"(?<![\w./:<>-])((?:[\w.-]+/)+[\w.*-]*)(?![\w<>/])")
SOURCE = (".py", ".sh", ".md", ".ipynb")
PLACEHOLDER = re.compile(r"(?:^|/)[A-Z]{2,}(?:\.\w+)?(?:/|$)")  # docs/NAME.md is the path of any document
FLAG = re.compile(r"(?<![\w-])(--[a-zA-Z][\w-]*|-[a-zA-Z])(?![\w-])")
END = re.compile(r"\s#|\s\|\s|&&|;|\s>|`")  # of the arguments of one command


class Shown(NamedTuple):
    """A command that a document shows."""
    name: str  # of a command of ./run, or the path of a script
    arguments: str

    @property
    def flags(self):
        return FLAG.findall(self.arguments)


class Document(NamedTuple):
    """A document, taken apart."""
    path: str
    text: str
    prose: str  # the text without blocks of code
    code: List[str]  # lines of blocks of code, and the pieces of code in sentences

    @property
    def links(self):
        """Targets of all links and pictures, addresses on the web among them."""
        without_code = re.sub(r"`[^`]*`", "``", self.prose)
        return [target or address for target, address in LINK.findall(without_code)] + REFERENCE.findall(without_code)

    @property
    def anchors(self):
        """What links may name after `#`, as GitHub makes it of headings."""
        seen, anchors = {}, set()
        for line in self.prose.splitlines():
            heading = HEADING.match(line)
            if heading:
                anchor = anchor_of(heading.group(1))
                count = seen[anchor] = seen.get(anchor, -1) + 1
                anchors.add(f"{anchor}-{count}" if count else anchor)
        return anchors | set(re.findall(r"\b(?:id|name)=\"([^\"]+)\"", self.prose))

    @property
    def commands(self):
        """Each `./run NAME ...`, as Shown."""
        return self._shown(COMMAND)

    @property
    def scripts(self):
        """Each `python FILE.py ...`, `bash FILE.sh ...`, as Shown."""
        return self._shown(SCRIPT)

    @property
    def modules(self):
        """Each module of `python -m MODULE`."""
        return [name for line in self.code for name in MODULE.findall(line)]

    @property
    def tests(self):
        """Each path below `tests/`, wherever it is named."""
        return TEST_PATH.findall(re.sub(r"\]\([^)]*\)", "]", self.text))

    def paths(self, folders):
        """Each path in code that is below one of `folders` of the project, or that ends as a source file does."""
        paths = {path for line in self.code for path in PATH.findall(line)}
        return sorted(path for path in paths if not PLACEHOLDER.search(path) and (
            path.split("/")[0] in folders or path.endswith(SOURCE)))

    def _shown(self, pattern):
        matches = (pattern.search(line) for line in self.code)
        return [Shown(match.group(1), END.split(match.group(2))[0]) for match in matches if match]


def anchor_of(heading):
    """`## A *plain* heading` is named `a-plain-heading`."""
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("*", "").replace("`", "")
    return re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")


def read(path):
    """The Document of a file."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    prose, code, fence, blank = [], [], None, True
    for line in re.sub(r"\\\n\s*", " ", text).splitlines():  # a backslash continues a command
        mark = FENCE.match(line)
        if fence or mark:
            if mark and mark.group(1) == (fence or mark.group(1)):
                fence = None if fence else mark.group(1)
            else:
                code.append(line)
        elif line.startswith("    ") and blank:  # a block of code by indentation: after an empty line
            code.append(line)
            continue
        else:
            prose.append(line)
        blank = not line.strip()
    prose = "\n".join(prose)
    code += [" ".join(piece.split()) for piece in re.findall(r"`([^`]+)`", prose)]
    return Document(path, text, prose, code)


def all_of(root):
    """The Documents of a project: those of its root, and all below docs/."""
    paths = [os.path.join(root, name) for name in sorted(os.listdir(root)) if name.endswith(".md")]
    for folder, folders, names in os.walk(os.path.join(root, "docs")):
        folders.sort()
        paths += [os.path.join(folder, name) for name in sorted(names) if name.endswith(".md")]
    return [read(path) for path in paths]


def broken_links(document):
    """Targets of relative links that lead to no file, or to no heading of a document."""
    broken = []
    for target in document.links:
        if re.match(r"[a-z][a-z+.-]*:|//", target):
            continue  # on the web
        file, _, anchor = target.partition("#")
        path = os.path.normpath(os.path.join(os.path.dirname(document.path), unquote(file))) if file else document.path
        if not os.path.exists(path):
            broken.append(target)
        elif anchor and path.endswith(".md") and unquote(anchor) not in read(path).anchors:
            broken.append(target)
    return broken
