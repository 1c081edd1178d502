#pragma once

#include "byssus/protocol/close_code.hpp"

#include <string>
#include <utility>
#include <variant>

namespace byssus::protocol {

/// A breach of the protocol by the peer: the code to close the connection with, and one line of
/// detail for the log and for the peer (`encode_close` shortens it to `max_close_reason_bytes`).
struct violation {
  close_code code = close_code::protocol_error;  ///< what the connection is to be closed with
  std::string reason{};                          ///< for people

  friend bool operator==(const violation&, const violation&) = default;
};

/// A value, or the violation that stands in its place. Nothing in this layer throws; this is how it
/// fails.
template <class T>
class [[nodiscard]] result {
public:
  /// Success.
  result(T value) : outcome_{std::in_place_index<0>, std::move(value)} {}
  /// Failure.
  result(violation broken) : outcome_{std::in_place_index<1>, std::move(broken)} {}

  /// Claims that there is a value.
  [[nodiscard]] explicit operator bool() const noexcept { return outcome_.index() == 0; }

  /// @pre the result holds a value.
  [[nodiscard]] T& operator*() & noexcept { return *std::get_if<0>(&outcome_); }
  /// @pre the result holds a value.
  [[nodiscard]] const T& operator*() const& noexcept { return *std::get_if<0>(&outcome_); }
  /// @pre the result holds a value, which is moved out.
  [[nodiscard]] T&& operator*() && noexcept { return std::move(*std::get_if<0>(&outcome_)); }
  /// @pre the result holds a value.
  [[nodiscard]] T* operator->() noexcept { return std::get_if<0>(&outcome_); }
  /// @pre the result holds a value.
  [[nodiscard]] const T* operator->() const noexcept { return std::get_if<0>(&outcome_); }

  /// @pre the result holds no value.
  [[nodiscard]] const violation& error() const& noexcept { return *std::get_if<1>(&outcome_); }
  /// @pre the result holds no value; the violation is moved out.
  [[nodiscard]] violation&& error() && noexcept { return std::move(*std::get_if<1>(&outcome_)); }

private:
  std::variant<T, violation> outcome_;
};

}  // namespace byssus::protocol
