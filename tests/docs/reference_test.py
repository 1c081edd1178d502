#!/usr/bin/env python3
"""usage: reference_test.py FOLDER

The API reference can be written without a warning; and in a tree made for it, whatever lacks words is found.
Leaves nothing in FOLDER.
"""

import pathlib
import shutil
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))
import reference  # noqa: E402

GOOD = """#pragma once
/// What a test is about.
struct good {
  int said = 0;  ///< in words
};
"""


class Reference(unittest.TestCase):
    def setUp(self):
        held = tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None)
        self.addCleanup(held.cleanup)
        self.folder = pathlib.Path(held.name)

    def well(self, header, name="protocol/byssus/protocol/a.hpp"):
        """Whether a repository with this one public header has a reference without a warning."""
        root = self.folder / "tree"
        shutil.rmtree(root, ignore_errors=True)
        (root / "docs").mkdir(parents=True)
        shutil.copy(ROOT / "docs/Doxyfile", root / "docs")
        (root / "README.md").write_text("# A tree\n", encoding="utf-8")
        for layer in reference.LAYERS:
            (root / layer).mkdir(parents=True, exist_ok=True)
            mine = name[len(layer) + 1:] if name.startswith(layer + "/byssus") else ""
            (root / layer / "CMakeLists.txt").write_text(f"byssus_add_library(x\n  {mine}\n)\n",
                                                         encoding="utf-8")
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(header, encoding="utf-8")
        return reference.write(self.folder / "out", root)

    def test_the_reference_of_this_library_lacks_no_words(self):
        self.assertTrue(reference.write(self.folder / "out"))
        html = self.folder / "out/html"
        self.assertIn("RECONNECT SUPERVISOR", (html / "index.html").read_text(encoding="utf-8"))
        self.assertTrue((html / "classbyssus_1_1node.html").exists())

    def test_every_public_header_is_there(self):
        for name in reference.public_headers():
            self.assertTrue((ROOT / name).is_file(), name)
        self.assertIn("runtime/byssus/runtime/testing/simulation.hpp", reference.public_headers())
        self.assertNotIn("runtime/byssus/runtime/asio/ready_set.hpp", reference.public_headers())

    def test_what_lacks_words_is_found(self):
        self.assertTrue(self.well(GOOD))
        self.assertFalse(self.well(GOOD.replace("///< in words", "")), "a field")
        self.assertFalse(self.well(GOOD.replace("/// What", "// What")), "a type")

    def test_what_is_said_of_nothing_is_found(self):
        self.assertFalse(self.well(GOOD.replace("is about.", "is about, see \\ref bad.")))

    def test_parts_may_go_by_the_comment_of_their_type(self):
        self.assertTrue(self.well(GOOD.replace("///< in words", ""), "actors/byssus/actors/links/link_session.hpp"))


if __name__ == "__main__":
    if not shutil.which("doxygen"):
        print("skipped: no doxygen here")
        sys.exit(77)
    unittest.main(argv=[sys.argv[0]])
