"""Copies a source file with one place changed: mutate.py SOURCE TARGET FIND REPLACE. `@nl@` stands for a line end.

The place has to be there exactly once, so that a mutant cannot become harmless when the source changes."""

import os
import sys


def main():
    source, target, find, replace = sys.argv[1:]
    find, replace = find.replace("@nl@", "\n"), replace.replace("@nl@", "\n")
    with open(source, encoding="utf-8") as file:
        text = file.read()
    if text.count(find) != 1:
        sys.exit(f"{source}: '{find}' is there {text.count(find)} times instead of once: "
                 f"change the mutant in tests/mutants/CMakeLists.txt")
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "w", encoding="utf-8") as file:
        file.write(text.replace(find, replace))


main()
