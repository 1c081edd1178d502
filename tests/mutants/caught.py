"""Runs a mutant's storms and passes if a promise is seen to break: caught.py PROGRAM ARGUMENTS…

A crash is no catch: the checker has to say what is wrong."""

import subprocess
import sys

outcome = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, text=True, check=False)
broken = [line for line in outcome.stdout.splitlines() if "BROKEN" in line]
print("\n".join(broken[:5]))
if outcome.returncode != 1 or not broken:
    sys.exit(f"not caught: exit code {outcome.returncode}, last line: {outcome.stdout.splitlines()[-1:]}")
