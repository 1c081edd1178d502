#pragma once

#include "byssus/actors/errc.hpp"

#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace byssus {

/// Why a request came to nothing.
struct failure {
  errc reason = errc::none;  ///< for programs
  std::string detail;        ///< more, for people; may be empty
};

/// The reason's sentence, then the detail.
std::string to_string(const failure& what);
std::ostream& operator<<(std::ostream& out, const failure& what);

namespace detail {

class link_end;

/// Runs `task` where the callbacks of the link run, after what was asked of it before. Any thread.
/// When the link's node has ended nothing runs.
void run_at(const std::shared_ptr<link_end>& end, std::function<void()> task);

/// Logs a failure that the app did not ask to hear of. Any thread.
void note_unheard(const std::shared_ptr<link_end>& end, const std::string& what,
                  const failure& why);

/// What a request comes to, and who is to hear of it; whichever is here first waits for the other.
/// Used where the callbacks of the link run, and nowhere else.
template <class T>
class answer_slot {
public:
  answer_slot(std::shared_ptr<link_end> end, std::string what)
      : end_(std::move(end)), what_(std::move(what)) {}

  answer_slot(const answer_slot&) = delete;
  answer_slot& operator=(const answer_slot&) = delete;

  ~answer_slot() {
    if (failed_)
      note_unheard(end_, what_, *failed_);
  }

  void succeed(T value) {
    if (auto callback = std::exchange(then_, nullptr))
      callback(value);
    else
      value_ = std::move(value);
  }

  void fail(failure why) {
    if (auto callback = std::exchange(or_else_, nullptr))
      callback(why);
    else
      failed_ = std::move(why);
  }

  void then(std::function<void(const T&)> callback) {
    if (auto value = std::exchange(value_, std::nullopt))
      callback(*value);
    else
      then_ = std::move(callback);
  }

  void or_else(std::function<void(const failure&)> callback) {
    if (auto why = std::exchange(failed_, std::nullopt))
      callback(*why);
    else
      or_else_ = std::move(callback);
  }

  const std::shared_ptr<link_end>& end() const noexcept { return end_; }

private:
  std::shared_ptr<link_end> end_;
  std::string what_;  ///< for the log, as in `publish to lobby`
  std::optional<T> value_;
  std::optional<failure> failed_;
  std::function<void(const T&)> then_;
  std::function<void(const failure&)> or_else_;
};

}  // namespace detail

/// What a request will come to: a `T` or a `failure`, once. The request is on its way already; this
/// may be dropped. A failure that nobody asked to hear of is logged.
///
/// Callbacks run as all of their link do: one at a time, on a thread of CAF's scheduler, never on a
/// reactor; they may block, and may call anything of the link. Any thread may use an answer.
template <class T>
class answer {
public:
  /// INTERNAL: apps get theirs from whatever they ask.
  explicit answer(std::shared_ptr<detail::answer_slot<T>> slot) : slot_(std::move(slot)) {}

  /// Calls `callback` when the request has succeeded, also if it has already. At most one is kept.
  answer& then(std::function<void(const T&)> callback) {
    detail::run_at(slot_->end(), [slot = slot_, callback = std::move(callback)]() mutable {
      slot->then(std::move(callback));
    });
    return *this;
  }

  /// Calls `callback` when the request has failed, also if it has already. At most one is kept.
  answer& or_else(std::function<void(const failure&)> callback) {
    detail::run_at(slot_->end(), [slot = slot_, callback = std::move(callback)]() mutable {
      slot->or_else(std::move(callback));
    });
    return *this;
  }

private:
  std::shared_ptr<detail::answer_slot<T>> slot_;
};

}  // namespace byssus
