#include "promise.hpp"
#include "reach.hpp"
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

/// Feeds files, or all files of folders, to a fuzz target: replay FILE_OR_FOLDER… A broken promise
/// ends the program; the name of the input that was last begun stands in its last line of output. A
/// folder has to reach all that its target wants to be reached.
namespace {

void replay(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
  std::cout << path.string() << std::endl;
  // A copy of exactly this size, so that a sanitizer sees what is read past its end.
  const std::vector<std::uint8_t> input{bytes.begin(), bytes.end()};
  LLVMFuzzerTestOneInput(input.data(), input.size());
}

std::size_t replay_all(const std::filesystem::path& where) {
  if (!std::filesystem::is_directory(where)) {
    replay(where);
    return 1;
  }
  std::size_t inputs = 0;
  for (const auto& entry : std::filesystem::directory_iterator{where}) {
    replay(entry.path());
    ++inputs;
  }
  return inputs;
}

bool reached_all() {
  bool all = true;
  for (const auto* each = byssus::fuzz::reach::first(); each != nullptr; each = each->next()) {
    std::cout << each->times() << " times: " << each->what() << '\n';
    all = all && each->times() > 0;
  }
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t inputs = 0;
  bool folders = false;
  for (int i = 1; i < argc; ++i) {
    inputs += replay_all(argv[i]);
    folders = folders || std::filesystem::is_directory(argv[i]);
  }
  std::cout << inputs << " inputs, all promises kept\n";
  if (!reached_all() && folders) {
    std::cout << "what was reached 0 times is not tested: the corpus lacks inputs for it\n";
    return 1;
  }
  return inputs > 0 ? 0 : 1;
}
