"""The files of the repository, and how a finding is told. Shared by the checks of ./dev check."""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def git(*words):
    """The lines git prints, or None where there is no git or no repository."""
    done = subprocess.run(["git", "-c", f"safe.directory={ROOT}", "-C", ROOT, *words],
                          capture_output=True, text=True, check=False)
    return done.stdout.splitlines() if done.returncode == 0 else None


def files(root=ROOT):
    """Every file that belongs to the repository, those not yet added included; relative, sorted."""
    names = git("ls-files", "--cached", "--others", "--exclude-standard") if root == ROOT else None
    if names is None:
        names = [str(path.relative_to(root)) for path in root.rglob("*")
                 if not {"build", ".git"} & set(path.relative_to(root).parts)]
    return sorted(name for name in set(names) if (root / name).is_file())


def without_comments(source, strings_too=False):
    """C++ with its comments (and the insides of its strings) blanked; every line stays where it was."""
    def blank(match):
        text = match.group(0)
        if text[0] == "/" or strings_too:
            return re.sub(r"[^\n]", " ", text)
        return text
    return re.sub(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"', blank, source, flags=re.S)


def report(findings):
    """Prints (file, line, what, what to do) one a line, and is the exit code of the check."""
    for name, line, what, remedy in findings:
        print(f"{name}:{line}: {what}: {remedy}")
    return 1 if findings else 0


def root_from_arguments():
    """The folder to check: this repository, or the one named on the command line (for the tests)."""
    return pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 and sys.argv[1] else ROOT
