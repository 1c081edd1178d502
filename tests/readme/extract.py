#!/usr/bin/env python3
"""usage: extract.py DOCUMENT LANGUAGE [OUTPUT]

Writes the fenced blocks of one language (cpp, sh) in a Markdown document, one after another. With them
the tests compile and run what the document says, so that document and test cannot differ. In C++ a
#line directive leads the compiler's messages back to the document.
"""

import pathlib
import re
import sys


def blocks(document, language):
    """(line number of its first line, text) of each fenced block."""
    text = pathlib.Path(document).read_text(encoding="utf-8")
    for match in re.finditer(rf"^```{language}\n(.*?)^```$", text, re.M | re.S):
        yield text.count("\n", 0, match.start(1)) + 1, match.group(1)


def main():
    document, language = sys.argv[1:3]
    found = list(blocks(document, language))
    if not found:
        sys.exit(f"{document}: no ```{language} block")
    text = "".join((f'#line {line} "{document}"\n' if language == "cpp" else "") + block for line, block in found)
    if len(sys.argv) > 3:
        pathlib.Path(sys.argv[3]).write_text(text, encoding="utf-8")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
