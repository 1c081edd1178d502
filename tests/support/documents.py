"""What documents name and is not there: links, parts of other documents, files, commands, programs, flags. Used by
check_text.py."""

import functools
import re

import repository

LINK = re.compile(r"\]\(([^)#:\s]*)(?:#([^)\s]*))?\)")
SPAN = re.compile(r"`([^`]+)`")
HEADING = re.compile(r"#{1,6} +(.*?) *#*$")
COMMAND = re.compile(r"\./dev ([a-z]+)\b")
PROGRAM = re.compile(r"\bbuild/(?:tests/)?bin/(\w+)")
FLAG = re.compile(r"(?<![\w-])--([a-z][a-z-]+)")
PLACES = ("protocol/", "actors/", "runtime/", "samples/", "tests/", "docs/", "cmake/", "byssus/")
PATH = re.compile(r"[\w.*-]+(?:/[\w.*-]*)+$")
SOURCES = (".hpp", ".cpp", ".py", ".sh", ".go", ".cmake", "CMakeLists.txt", "dev", ".ci/run")


@functools.cache
def words_of_sources(root):
    """Every word, with its hyphens, of what is no document: what a flag or a program can be named after."""
    words = set()
    for name in repository.files(root):
        if name.endswith(SOURCES):
            words |= set(re.findall(r"\w+(?:-\w+)*", (root / name).read_text(encoding="utf-8", errors="replace")))
    return words


@functools.cache
def commands(root):
    dev = root / "dev"
    found = re.findall(r"^dev_(\w+)\(\)", dev.read_text(encoding="utf-8"), re.M) if dev.is_file() else []
    return {"help", *found}


@functools.cache
def parts(path):
    """The names by which a document's headings can be linked to, as forges make them."""
    found, fenced = set(), False
    for line in path.read_text(encoding="utf-8").splitlines():
        fenced ^= line.startswith("```")
        heading = None if fenced else HEADING.match(line)
        if heading:
            found.add(re.sub(r"[^\w\- ]", "", heading.group(1).lower()).replace(" ", "-"))
    return found


def exists(path, folder, root):
    """Whether a path that a document names is a file or folder; one that begins with byssus/ is an include."""
    if path.startswith("byssus/"):
        return any(root.glob(f"*/{path}"))
    return any(root.glob(path.rstrip("/"))) or any(folder.glob(path.rstrip("/")))


def dead_links(name, line, root):
    folder = (root / name).parent
    for target, part in LINK.findall(line):
        path = folder / target if target else root / name
        if not path.exists():
            yield f"link to {target}", "link to what is"
        elif part and path.suffix == ".md" and part not in parts(path):
            yield f"link to {target}#{part}", "link to a heading that is"


def unknown_names(line, root):
    """Commands, programs and flags that a line of code, or a span of it, has and nobody else has."""
    for command in COMMAND.findall(line):
        if command not in commands(root):
            yield f"./dev {command}", "name a command that ./dev help lists"
    for named, kind in ((PROGRAM, "build/bin/"), (FLAG, "--")):
        for word in named.findall(line):
            if word not in words_of_sources(root):
                yield kind + word, "name what the sources have"


def findings(name, lines, root):
    """For one document: (file, line, what, what to do)."""
    fenced = False
    for number, line in enumerate(lines, 1):
        fenced ^= line.lstrip().startswith("```")
        found = []
        if fenced or line.startswith("    "):
            found += unknown_names(line, root)
        else:
            found += dead_links(name, line, root)
            for span in SPAN.findall(line):
                found += unknown_names(span, root)
                if span.startswith(PLACES) and PATH.match(span) and not exists(span, (root / name).parent, root):
                    found.append((span, "name a file that is"))
        for what, remedy in found:
            yield name, number, f"{what}, which is not there", remedy
