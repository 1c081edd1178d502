# What ./dev says of itself: help_COMMAND prints the help of one command.

help_all() {
  cat <<'END'
usage: ./dev COMMAND [ARGUMENTS]

  run       build the sample programs, start a chat node and a feed, say what to type next
  test      build everything and run the tests
  build     build everything; programs land in build/bin
  check     format, clang-tidy, layer rule, text rules
  fmt       format the C++ sources
  coverage  how many lines of each layer the tests run, and whether that is enough
  fuzz      throw what nobody would send at decoders, plain mode and a whole node
  docs      write the API reference, and say what lacks words
  bench     measure the chat node beside a bare loop, and its memory (minutes)
  fresh     build, test and run on a bare Debian 12 made for it (root, minutes)
  help      this text; ./dev COMMAND --help says more about one

The first use installs what is missing with apt, and says what.
BYSSUS_BUILD_FOLDER=FOLDER makes every command that builds use that folder, which exists already, whatever
the preset; coverage and fuzz, which need a build of their own kind, refuse it.
END
}

help_run() {
  cat <<'END'
usage: ./dev run [--listen HOST:PORT] [--feed HOST:PORT] [OTHER chat_node FLAGS]

Builds the sample programs and starts two nodes in the foreground: a chat node, on 127.0.0.1:7400
unless --listen says otherwise, and a feed of this machine's load, on 127.0.0.1:7401 unless --feed
does. Ctrl-C stops both. ./dev run --help-node prints the chat node's own help.
END
}

help_test() {
  cat <<'END'
usage: ./dev test [--preset NAME | --clang] [CTEST ARGUMENTS]

Builds everything, runs the tests, shows the output of those that fail, and ends with ctest's summary.
  ./dev test -R protocol          only the tests whose name matches
  ./dev test -LE slow             all but the slow ones
  ./dev test --preset asan        under AddressSanitizer and UndefinedBehaviorSanitizer
END
}

help_build() {
  cat <<'END'
usage: ./dev build [PRESET | --clang] [TARGET…]

Configures and builds with CMake and Ninja (and ccache where it is installed). Presets:
  default   optimised with debug information, in build/
  debug     for a debugger, in build/debug
  clang     the other compiler, in build/clang
  asan      clang with AddressSanitizer and UndefinedBehaviorSanitizer, in build/asan
With CI set in the environment a warning is an error.
END
}

help_check() {
  cat <<'END'
usage: ./dev check [--all] [format | layers | text | tidy]…

Without a name all four run. Each finding is one line: FILE:LINE: what: what to do.
  format  clang-format over every C++ source (./dev fmt repairs)
  layers  protocol <- actors <- runtime <- samples: who may include what
  text    unfinished work, blanks, sleeps, machine paths, long files, forbidden names
  tidy    clang-tidy over the C++ sources that differ from the branch you came from; --all: over all
END
}

help_fmt() {
  cat <<'END'
usage: ./dev fmt

Formats every C++ source of the repository in place with clang-format.
END
}

help_coverage() {
  cat <<'END'
usage: ./dev coverage [--lines]

Builds everything with clang's coverage in build/coverage, runs all tests but the slow ones and those of
the package, and prints for each layer how many of its lines they ran. The exit code is 1 if a test fails,
or if a layer has less than its limit: protocol and actors 90 %, runtime and the test kit 80 %.
--lines also prints each line of protocol/ that no test runs. Programs that are killed leave no figures.
END
}

help_fuzz() {
  cat <<'END'
usage: ./dev fuzz [TARGET…] [--seconds N] [--jobs N] [--keep]

Builds the fuzz targets (libFuzzer, AddressSanitizer, UndefinedBehaviorSanitizer; in build/fuzz) and runs
each for 60 seconds, two at a time, unless told otherwise. Without a name all run:
  decoder      frames, however they are cut      plain   plain mode, both sides
  first_bytes  what a stranger speaks            names   UTF-8, names and lines
  handshake    hello, welcome, what is agreed    world   a whole node among strangers, in virtual time
  bodies       the bodies of all other frames
A finding is kept in build/fuzz/findings, shown with the command that repeats it, and makes the exit
code 1. New inputs are kept in build/fuzz/corpus. The committed corpus, tests/fuzz/corpus, is read, and
written only with --keep: by the fewest inputs that reach all that was reached.
END
}

help_fresh() {
  cat <<'END'
usage: ./dev fresh [RELEASE]

Makes a bare Debian (bookworm unless told otherwise) in a folder under build/, clones the repository
into it, and types the README's two commands there. Needs root, debootstrap, the last commit to be what
you mean to test, and a package mirror, which is taken from this machine's apt settings. Takes minutes.
END
}

help_docs() {
  cat <<'END'
usage: ./dev docs

Writes the API reference and all documents to build/docs/html, with Doxygen. Any warning, and whatever is public
and has no words of its own, is one line and makes the exit code 1; docs/reference.py says which headers are held to less.
END
}

help_bench() {
  cat <<'END'
usage: ./dev bench [echo | idle | soak] [byssus_bench FLAGS]

Builds byssus_bench and runs it. Without a name it runs all and holds them to the project's limits:
  echo   round trips through the shipped chat node, at least 0.85 of a bare epoll loop's
  idle   resident memory per idle connection, framed (2,600 bytes) and in plain mode (2,300)
  soak   what is left of 15,000 clients that come and go, four times
Figures are JSON lines; docs/performance.md says how they come about. On a machine that is busy with
something else, echo says little. build/bin/byssus_bench echo --help names the flags.
END
}
