#!/usr/bin/env python3
"""The checks of ./dev check and .ci/run bite: each rule is broken once in a folder made for it, and found."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent


class Rules(unittest.TestCase):
    def findings(self, check, name, text, others=None):
        """What the check says of a repository that holds nothing but this file, and others that are in order."""
        with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as folder:
            for each, held in {**(others or {}), name: text}.items():
                path = pathlib.Path(folder, each)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(held, encoding="utf-8")
            done = subprocess.run([sys.executable, "-B", HERE / check, folder], capture_output=True, text=True, check=False)
            self.assertEqual(done.stderr, "")
            self.assertEqual(done.returncode, 1 if done.stdout else 0)
            return done.stdout.splitlines()

    def found(self, check, name, text, *expected, others=None):
        lines = self.findings(check, name, text, others)
        self.assertEqual(len(lines), len(expected), lines)
        for line, part in zip(lines, expected):
            self.assertIn(part, line)

    def test_each_layer_includes_only_what_it_may(self):
        layers = "check_layers.py"
        self.found(layers, "protocol/byssus/protocol/a.hpp", "#include <span>\n#include <caf/actor.hpp>\n",
                   "protocol/byssus/protocol/a.hpp:2: may not include caf/actor.hpp: ")
        self.found(layers, "protocol/byssus/protocol/a.hpp", '#include "byssus/actors/errc.hpp"\n', ":1: may not")
        self.found(layers, "actors/byssus/actors/a.cpp", "#include <caf/io/all.hpp>\n", "caf/io/all.hpp")
        self.found(layers, "actors/byssus/actors/a.cpp", "#include <boost/asio.hpp>\n", "boost/asio.hpp")
        self.found(layers, "actors/byssus/actors/a.cpp", "#include <sys/socket.h>\n", "sys/socket.h")
        self.found(layers, "actors/byssus/actors/a.cpp", '#include "byssus/runtime/node.hpp"\n', "node.hpp")
        self.found(layers, "runtime/byssus/runtime/testing/a.cpp", "#include <boost/asio.hpp>\n", "actors alone")
        self.found(layers, "runtime/byssus/runtime/a.cpp", "#include <caf/openssl/all.hpp>\n", "openssl")
        self.found(layers, "samples/a.cpp", "#include <byssus/runtime/detail/door.hpp>\n", "public headers")
        self.found(layers, "samples/a.cpp", "#include <boost/asio.hpp>\n", "public headers")

    def test_quiet_layers_have_no_clock_and_no_thread(self):
        layers = "check_layers.py"
        self.found(layers, "actors/byssus/actors/a.cpp", "#include <mutex>\n", "may not include mutex")
        self.found(layers, "actors/byssus/actors/a.cpp", "auto t = std::chrono::steady_clock::now();\n", "clock read")
        self.found(layers, "protocol/byssus/protocol/a.cpp", "std::mutex lock;\n", "thread or lock")
        self.found(layers, "runtime/byssus/runtime/a.cpp", "auto t = std::chrono::steady_clock::now();\n")

    def test_what_is_allowed_or_only_a_comment_is_not_found(self):
        layers = "check_layers.py"
        self.found(layers, "actors/byssus/actors/a.cpp", '// #include <boost/asio.hpp>\n#include "byssus/actors/a.hpp"\n'
                   "#include <caf/actor.hpp>\n#include <vector>\n")
        self.found(layers, "tests/runtime/a.cpp", "#include <boost/asio.hpp>\n")

    def test_text_rules_bite(self):
        text = "check_text.py"
        self.found(text, "docs/a.md", "fine\nTO" "DO later\n", "docs/a.md:2: unfinished work")
        self.found(text, "docs/a.md", "blank \n", "blanks at the end")
        self.found(text, "docs/a.md", "see /ho" "me/ann/x\n", "path of one machine")
        self.found(text, "tests/actors/a.cpp", "std::this_thread::sleep_for(1s);\n", "real sleep")
        self.found(text, "tests/runtime/a.cpp", "std::this_thread::sleep_for(1s);\n")
        self.found(text, "runtime/a.cpp", "\n" * 401, "401 lines")
        self.found(text, "runtime/a.cpp", "\n" * 400)

    def test_a_word_that_a_fuzzer_drops_is_found(self):
        text = "check_text.py"
        self.found(text, "tests/a.dict", f'"{"a" * 64}"\n"{"a" * 65}"\n', "tests/a.dict:2: a word of 65 bytes")
        self.found(text, "tests/a.dict", '"' + r"\xff" * 65 + '"\n"' + r"\"" * 64 + '"\n', "tests/a.dict:1: a word of 65")

    def test_a_link_to_nowhere_is_found(self):
        text = "check_text.py"
        others = {"docs/b.md": "# B\n## What `it` is, and why\n```\n# no heading\n```\n"}
        self.found(text, "docs/a.md", "[a](a.md) [web](https://a.b/c)\n[c](c.md#part)\n", "a.md:2: link to c.md")
        self.found(text, "docs/a.md", "# A\n[b](b.md#what-it-is-and-why) [here](#a)\n", others=others)
        self.found(text, "docs/a.md", "[b](b.md#no-heading)\n[here](#a)\n", "b.md#no-heading", "a.md:2: link to #a",
                   others=others)

    def test_documents_name_only_what_is_there(self):
        text = "check_text.py"
        others = {"dev": "dev_run() {\n", "samples/a.cpp": "auto flag = \"most-lines\";\n",
                  "samples/CMakeLists.txt": "add_executable(chat a.cpp)\n", "runtime/byssus/runtime/a.hpp": "\n"}
        there = ("`./dev run`, `build/bin/chat --most-lines 3`, `samples/*.cpp`, `byssus/runtime/a.hpp`, `samples/`\n\n"
                 "    ./dev help\n")
        self.found(text, "docs/a.md", there, others=others)
        for gone in ("./dev walk", "build/bin/chats", "--least-lines", "samples/b.cpp", "byssus/runtime/b.hpp"):
            self.found(text, "docs/a.md", f"\n`{gone}`\n", f"docs/a.md:2: {gone}, which is not there", others=others)
        self.found(text, "docs/a.md", "```sh\n./dev walk\n```\n", "docs/a.md:2: ./dev walk", others=others)

    def test_names_that_say_nothing_are_found_where_declared(self):
        text = "check_text.py"
        for declared in ("int get_size() const;", "void do_read();", "void handle_ping(ping p);",
                         "class session_manager {", "struct socket_helper;", "namespace utils {"):
            self.found(text, "runtime/a.hpp", declared + "\n", "says nothing")
        self.found(text, "runtime/a.hpp", "auto n = std::get_if<int>(&v) + json.get_ptr<x*>() + p->get_id();\n"
                   "executor_type get_executor() const;\nint forget_it = ping_handle_count;\n// get_comment(\n"
                   'auto s = "get_string";\nvoid handle_event(int) override;\n')

    def test_a_test_that_did_not_run_is_found_unless_it_is_named(self):
        with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as folder:
            results = pathlib.Path(folder, "results.xml")
            pathlib.Path(folder, "CTestTestfile.cmake").write_text(
                'add_test(good "true")\nadd_test(rough "sh" "-c" "echo no root here; exit 77")\n'
                "set_tests_properties(rough PROPERTIES SKIP_RETURN_CODE 77)\n", encoding="utf-8")
            subprocess.run(["ctest", "--test-dir", folder, "--output-junit", results], capture_output=True, check=True)
            for named, code, said in (([], 1, "rough was skipped, which .ci/run does not allow: no root here\n"),
                                      (["rough"], 0, "")):
                done = subprocess.run([sys.executable, "-B", HERE / "skipped.py", results, *named], capture_output=True,
                                      text=True, check=False)
                self.assertEqual((done.returncode, done.stderr), (code, said))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
