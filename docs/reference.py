#!/usr/bin/env python3
"""usage: reference.py FOLDER

Writes the API reference to FOLDER/html, by Doxygen as docs/Doxyfile says; any warning is an error.

Of a public header everything has to be documented, unless the header is one of PARTS: there, members may go by
the comment of their type. Exit code 77 means that there is no Doxygen.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
LAYERS = ("protocol", "actors", "runtime", "runtime/byssus/runtime/testing")

# What stands behind the actors, whose reactions are named after the messages of the interfaces.hpp beside them, and
# the binary bodies of frames, whose encoders and parsers go by the comment of their namespace.
PARTS = re.compile(r"""
    ^protocol/byssus/protocol/payload\.hpp$
  | ^actors/byssus/actors/links/(accepted_connection|app_inbox|client_session|dialed_connection|frame_reader|link_session
        |node_session|place|plain_client_connection|plain_session)\.hpp$
""", re.VERBOSE)


def public_headers(root=ROOT):
    """The headers that the layers' CMakeLists.txt name and that are not in detail/, relative to the root."""
    found = set()
    for layer in LAYERS:
        for line in (root / layer / "CMakeLists.txt").read_text(encoding="utf-8").splitlines():
            named = line.split("#")[0].strip()
            if named.endswith(".hpp") and "detail/" not in named:
                found.add(f"{layer}/{named}")
    return sorted(found)


def documents(root=ROOT):
    """What people read: the pages on top, those of docs/, those of the layers."""
    found = {path for place in ("", "docs", *LAYERS) for path in (root / place).glob("*.md")}
    return sorted(str(path.relative_to(root)) for path in found)


def doxygen(root, **settings):
    """Runs Doxygen with docs/Doxyfile and what else is to hold; true if it had nothing to say."""
    lines = [(root / "docs/Doxyfile").read_text(encoding="utf-8")]
    lines += [f"{name} = {value}" for name, value in settings.items()]
    return subprocess.run(["doxygen", "-"], cwd=root, input="\n".join(lines), text=True, check=False).returncode == 0


def write(folder, root=ROOT):
    """Writes the reference, then looks for what is not documented; true if all is well."""
    headers = public_headers(root)
    folder.mkdir(parents=True, exist_ok=True)
    well = doxygen(root, INPUT=" ".join(documents(root) + headers), OUTPUT_DIRECTORY=f'"{folder}"')
    strict = [name for name in headers if not PARTS.match(name)]
    with tempfile.TemporaryDirectory() as unread:
        return doxygen(root, INPUT=" ".join(strict), OUTPUT_DIRECTORY=unread, WARN_IF_UNDOCUMENTED="YES") and well


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if not shutil.which("doxygen"):
        print("skipped: no doxygen here")
        return 77
    return 0 if write(pathlib.Path(sys.argv[1]).resolve()) else 1


if __name__ == "__main__":
    sys.exit(main())
