#pragma once

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace byssus::bench {

/// A program that this one has started, with its output and its input at hand. Ends it, by its id,
/// when destroyed.
class child {
public:
  /// Starts `words`, the first of which is a path, pinned to `core` (counted from 0; taken modulo
  /// their number). Throws `std::system_error`.
  child(const std::vector<std::string>& words, unsigned core);
  ~child();
  child(const child&) = delete;
  child& operator=(const child&) = delete;

  pid_t id() const noexcept { return id_; }

  /// The next line of its stdout or stderr that has `part` in it. Throws `std::runtime_error`, with
  /// what it said instead, when it ends first or after `seconds`.
  std::string line_with(const std::string& part, double seconds);

  /// Writes a line to its stdin.
  void tell(const std::string& line);

private:
  bool read_more(double seconds);

  pid_t id_ = -1;
  int output_ = -1;
  int input_ = -1;
  std::string heard_;  ///< not looked at yet
  std::string past_;   ///< looked at: the last of it goes into errors
};

/// CPU time that process `id` has used, user and system, in seconds.
double cpu_seconds(pid_t id);

/// Resident memory of process `id`, in bytes.
double resident_bytes(pid_t id);

/// Ties this process to one core, counted from 0, modulo their number.
void stay_on(unsigned core) noexcept;

/// The system's monotonic clock, in seconds.
double seconds_now() noexcept;

/// The machine in one line: processor, cores, kernel.
std::string machine();

}  // namespace byssus::bench
