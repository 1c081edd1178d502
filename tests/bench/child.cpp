#include "child.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <sched.h>
#include <stdexcept>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace byssus::bench {

namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error{errno, std::generic_category(), what};
}

/// The last few hundred bytes of what a child said.
std::string tail(const std::string& text) {
  return text.size() <= 600 ? text : "…" + text.substr(text.size() - 600);
}

}  // namespace

child::child(const std::vector<std::string>& words, unsigned core) {
  int out[2];
  int in[2];
  if (pipe2(out, O_CLOEXEC) != 0 || pipe2(in, O_CLOEXEC) != 0)
    fail("pipe");
  std::vector<char*> arguments;
  for (const auto& word : words)
    arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  id_ = fork();
  if (id_ < 0)
    fail("fork");
  if (id_ == 0) {
    stay_on(core);
    dup2(in[0], STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    dup2(out[1], STDERR_FILENO);
    execv(arguments[0], arguments.data());
    _exit(127);
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

std::string child::line_with(const std::string& part, double seconds) {
  const auto deadline = seconds_now() + seconds;
  for (;;) {
    for (auto end = heard_.find('\n'); end != std::string::npos; end = heard_.find('\n')) {
      auto line = heard_.substr(0, end);
      heard_.erase(0, end + 1);
      past_ += line + '\n';
      if (line.find(part) != std::string::npos)
        return line;
    }
    if (!read_more(deadline - seconds_now()))
      throw std::runtime_error{"process " + std::to_string(id_) + " never said '" + part +
                               "', but: " + tail(past_ + heard_)};
  }
}

bool child::read_more(double seconds) {
  pollfd watched{output_, POLLIN, 0};
  if (seconds <= 0 || poll(&watched, 1, static_cast<int>(seconds * 1000) + 1) <= 0)
    return false;
  char text[4096];
  const auto count = read(output_, text, sizeof text);
  if (count <= 0)
    return false;
  heard_.append(text, static_cast<std::size_t>(count));
  return true;
}

void child::tell(const std::string& line) {
  const auto whole = line + '\n';
  if (write(input_, whole.data(), whole.size()) != static_cast<ssize_t>(whole.size()))
    fail("write");
}

double cpu_seconds(pid_t id) {
  clockid_t clock{};
  timespec used{};
  if (const int failure = clock_getcpuclockid(id, &clock); failure != 0)
    throw std::system_error{failure, std::generic_category(), "process " + std::to_string(id)};
  if (clock_gettime(clock, &used) != 0)
    fail("process " + std::to_string(id));
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

void stay_on(unsigned core) noexcept {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core % std::max(1U, std::thread::hardware_concurrency()), &set);
  sched_setaffinity(0, sizeof set, &set);
}

double seconds_now() noexcept {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
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
