#!/usr/bin/env python3
"""usage: dev_test.py

What ./dev does not know or cannot do costs one line and exit code 2, before anything is built.
"""

import os
import pathlib
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def dev(*arguments, **variables):
    """Exit code, standard output and standard error of ./dev."""
    environment = {"PATH": os.environ["PATH"], **variables}
    ended = subprocess.run([ROOT / "dev", *arguments], env=environment, stdin=subprocess.DEVNULL,
                           capture_output=True, text=True, timeout=30, check=False)
    return ended.returncode, ended.stdout, ended.stderr


class Dev(unittest.TestCase):
    def refuses(self, line, *arguments, **variables):
        self.assertEqual(dev(*arguments, **variables), (2, "", f"dev: {line}\n"))

    def test_unknown_commands_are_refused_and_so_is_help_about_them(self):
        self.refuses("no command 'nonsense'; ./dev help lists them", "nonsense")
        self.refuses("no command 'nonsense'; ./dev help lists them", "help", "nonsense")

    def test_help_is_printed_where_it_is_asked_for(self):
        everything = dev()
        self.assertEqual(everything[0], 0)
        self.assertEqual(dev("help"), everything)
        self.assertEqual(dev("help", "help"), everything)
        self.assertEqual(dev("help", "test"), dev("test", "--help"))

    def test_a_preset_needs_a_name(self):
        self.refuses("test: --preset needs a name", "test", "--preset")

    def test_a_build_of_another_kind_does_not_go_into_a_given_folder(self):
        for command in ("coverage", "fuzz"):
            self.refuses(f"{command} builds in a folder of its own; unset BYSSUS_BUILD_FOLDER", command,
                         BYSSUS_BUILD_FOLDER="/nowhere")


if __name__ == "__main__":
    unittest.main()
