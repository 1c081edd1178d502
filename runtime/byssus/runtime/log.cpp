#include "byssus/runtime/log.hpp"

#include "byssus/protocol/names.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <limits>
#include <string>

namespace byssus {

namespace {

spdlog::level::level_enum level_of(severity level) noexcept {
  switch (level) {
    case severity::debug:
      return spdlog::level::debug;
    case severity::info:
      return spdlog::level::info;
    case severity::warning:
      return spdlog::level::warn;
    case severity::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

/// Over spdlog's stderr sink, whose lock all journals of the process share.
class spdlog_journal final : public journal {
public:
  explicit spdlog_journal(severity least)
      : logger_("byssus", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    logger_.set_level(level_of(least));
    logger_.set_pattern("%Y-%m-%d %H:%M:%S.%e %l %v");
    logger_.set_error_handler([](const std::string&) {});  // a closed stderr must not end the node
  }

  void write(severity level, std::string_view line) override {
    if (!wants(level))
      return;
    logger_.log(level_of(level), "{}",
                protocol::one_line(line, std::numeric_limits<std::size_t>::max()));
  }

  bool wants(severity level) const noexcept override { return logger_.should_log(level_of(level)); }

private:
  spdlog::logger logger_;
};

}  // namespace

std::shared_ptr<journal> stderr_journal(severity least) {
  return std::make_shared<spdlog_journal>(least);
}

}  // namespace byssus
