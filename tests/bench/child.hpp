#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace byssus::bench {

/// A program that this one has started, with its output and its input at hand. It ends when this
/// object is destroyed, and when this program ends, however that comes about.
class child {
public:
  /// Starts `words`, the first of which is a path, pinned to `core`: of those that this program may
  /// use, counted from 0, modulo their number. Throws `std::system_error`.
  child(const std::vector<std::string>& words, unsigned core);
  ~child();
  child(const child&) = delete;
  child& operator=(const child&) = delete;

  pid_t id() const noexcept { return id_; }

  /// Claims that it runs on one core only. Holds from the first that it says, also when it has
  /// ended.
  bool pinned() const noexcept;

  /// The next line of its stdout or stderr that has `part` in it. Throws `std::runtime_error`, with
  /// what it said instead, when it ends first or after `seconds`.
  std::string line_with(const std::string& part, double seconds);

  /// Lets so much time pass. What it says meanwhile is read, so that it never has to wait for that,
  /// and forgotten. Throws `std::runtime_error` when it ends.
  void overhear(double seconds);

  /// Writes a line to its stdin. Throws `std::runtime_error`, with what it said last, when it has
  /// ended.
  /// @pre This program ignores SIGPIPE.
  void tell(const std::string& line);

private:
  bool read_more(double seconds);
  void remember(const std::string& text);
  [[noreturn]] void complain(const std::string& what) const;

  pid_t id_ = -1;
  int output_ = -1;
  int input_ = -1;
  bool ended_ = false;  ///< its output has
  std::string heard_;   ///< not looked at yet
  std::string past_;    ///< the last of what was looked at, for errors
};

/// CPU time that process `id` has used, user and system, in seconds.
double cpu_seconds(pid_t id);

/// Resident memory of process `id`, in bytes.
double resident_bytes(pid_t id);

/// The machine in one line: processor, cores, kernel.
std::string machine();

}  // namespace byssus::bench
