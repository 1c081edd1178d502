#include "child.hpp"

#include "byssus/tests/clock.hpp"

#include "system_calls.hpp"
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <sched.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace byssus::bench {

namespace {

/// So much of what a child said goes into an error.
constexpr std::size_t most_told = 600;

/// Ties this process to one of the cores that it may use; see `child`.
void stay_on(unsigned core) noexcept {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
    return;
  auto left = core % static_cast<unsigned>(CPU_COUNT(&allowed));
  for (unsigned each = 0; each < CPU_SETSIZE; ++each) {
    if (!CPU_ISSET(each, &allowed) || left-- > 0)
      continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(each, &one);
    sched_setaffinity(0, sizeof one, &one);
    return;
  }
}

/// What happens between `fork` and the program's `main`.
void become(std::vector<char*>& arguments, pid_t parent, unsigned core) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent)
    _exit(127);  // it had ended before
  signal(SIGPIPE, SIG_DFL);
  stay_on(core);
  execv(arguments[0], arguments.data());
  _exit(127);
}

}  // namespace

child::child(const std::vector<std::string>& words, unsigned core) {
  int out[2];
  int in[2];
  check(pipe2(out, O_CLOEXEC), "pipe");
  check(pipe2(in, O_CLOEXEC), "pipe");
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const auto& word : words)
    arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const auto parent = getpid();
  id_ = check(fork(), "fork");
  if (id_ == 0) {
    dup2(in[0], STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    dup2(out[1], STDERR_FILENO);
    become(arguments, parent, core);
  }
  close(out[1]);
  close(in[0]);
  output_ = out[0];
  input_ = in[1];
}

child::~child() {
  close(input_);
  close(output_);
  kill(id_, SIGKILL);
  waitpid(id_, nullptr, 0);
}

bool child::pinned() const noexcept {
  cpu_set_t set;
  return sched_getaffinity(id_, sizeof set, &set) == 0 && CPU_COUNT(&set) == 1;
}

std::string child::line_with(const std::string& part, double seconds) {
  const auto deadline = tests::seconds_now() + seconds;
  for (;;) {
    for (auto end = heard_.find('\n'); end != std::string::npos; end = heard_.find('\n')) {
      auto line = heard_.substr(0, end);
      heard_.erase(0, end + 1);
      remember(line + '\n');
      if (line.find(part) != std::string::npos)
        return line;
    }
    if (!read_more(deadline - tests::seconds_now()))
      complain("never said '" + part + "', but: ");
  }
}

void child::overhear(double seconds) {
  const auto deadline = tests::seconds_now() + seconds;
  while (read_more(deadline - tests::seconds_now()))
    remember(std::exchange(heard_, {}));
  if (ended_)
    complain("has ended; it said: ");
}

bool child::read_more(double seconds) {
  pollfd watched{output_, POLLIN, 0};
  if (seconds <= 0 || poll(&watched, 1, static_cast<int>(seconds * 1000) + 1) <= 0)
    return false;
  char text[4096];
  const auto count = read(output_, text, sizeof text);
  ended_ = count <= 0;
  if (ended_)
    return false;
  heard_.append(text, static_cast<std::size_t>(count));
  return true;
}

void child::tell(const std::string& line) {
  const auto whole = line + '\n';
  if (write(input_, whole.data(), whole.size()) == static_cast<ssize_t>(whole.size()))
    return;
  while (read_more(1))
    remember(std::exchange(heard_, {}));
  complain("has ended; it said: ");
}

void child::remember(const std::string& text) {
  past_ += text;
  if (past_.size() > most_told)
    past_.erase(0, past_.size() - most_told);
}

void child::complain(const std::string& what) const {
  throw std::runtime_error{"process " + std::to_string(id_) + ' ' + what + past_ + heard_};
}

double cpu_seconds(pid_t id) {
  clockid_t clock{};
  timespec used{};
  if (const int failure = clock_getcpuclockid(id, &clock); failure != 0)
    throw std::system_error{failure, std::generic_category(), "process " + std::to_string(id)};
  check(clock_gettime(clock, &used), "clock_gettime");
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

double resident_bytes(pid_t id) {
  std::ifstream statm{"/proc/" + std::to_string(id) + "/statm"};
  double size = 0;
  double resident = 0;
  if (!(statm >> size >> resident))
    throw std::runtime_error{"no process " + std::to_string(id)};
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

std::string machine() {
  std::ifstream info{"/proc/cpuinfo"};
  std::string model = "unknown processor";
  for (std::string line; std::getline(info, line);) {
    if (line.starts_with("model name")) {
      model = line.substr(line.find(':') + 2);
      break;
    }
  }
  utsname system{};
  uname(&system);
  return model + ", " + std::to_string(std::thread::hardware_concurrency()) + " cores, Linux " +
         system.release;
}

}  // namespace byssus::bench
