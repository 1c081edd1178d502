#include "byssus/runtime/link.hpp"

#include "byssus/runtime/detail/link_end.hpp"
#include "byssus/runtime/startup_error.hpp"

#include <caf/send.hpp>

namespace byssus {

namespace detail {

void link_end::post(std::function<void(link_outlet_state&)> task) const {
  caf::anon_send(outlet_, link_call{std::move(task)});
}

void run_at(const std::shared_ptr<link_end>& end, std::function<void()> task) {
  end->post([task = std::move(task)](link_outlet_state&) { task(); });
}

void note_unheard(const std::shared_ptr<link_end>& end, const std::string& what,
                  const failure& why) {
  // Who stops a link knows what he gives up.
  const auto level = why.reason == errc::stopped ? severity::debug : severity::warning;
  end->lines().write(level, what + " failed: " + to_string(why));
}

}  // namespace detail

link_config to_config(const link_options& options) {
  link_config config;
  for (const auto& text : options.endpoints) {
    auto where = parse_endpoint(text);
    if (!where || where->port == 0)
      throw startup_error{errc::invalid_config, "endpoints: " + text +
                                                    ": must be tcp://HOST:PORT with a port from 1 "
                                                    "to 65535, as in tcp://127.0.0.1:7400"};
    config.endpoints.push_back(std::move(*where));
  }
  config.mode = options.mode;
  config.ping_lines = options.ping_lines;
  config.name = options.name;
  config.heartbeat = options.heartbeat;
  config.retry = options.retry;
  config.dial = options.dial;
  config.handshake_deadline = options.handshake_deadline;
  return config;
}

link& link::on_state(std::function<void(const link_state&)> callback) {
  end_->post([callback = std::move(callback)](detail::link_outlet_state& outlet) {
    outlet.observe_states(callback);
  });
  return *this;
}

link& link::on_message(std::function<void(const message&)> callback) {
  end_->post([callback = std::move(callback)](detail::link_outlet_state& outlet) {
    outlet.observe_messages(callback);
  });
  return *this;
}

link& link::on_gap(std::function<void(const room_gap&)> callback) {
  end_->post([callback = std::move(callback)](detail::link_outlet_state& outlet) {
    outlet.observe_gaps(callback);
  });
  return *this;
}

room_handle link::join(std::string room, std::function<void(const message&)> callback) {
  auto entry = std::make_shared<detail::answer_slot<joined>>(end_, "join " + room);
  end_->post([room, callback = std::move(callback), entry](detail::link_outlet_state& outlet) {
    outlet.join(room, callback, entry);
  });
  return room_handle{end_, std::move(room), std::move(entry)};
}

answer<text_sent> link::say(std::string text) {
  auto slot = std::make_shared<detail::answer_slot<text_sent>>(end_, "say");
  end_->post([request = say_request{std::move(text)}, slot](detail::link_outlet_state& outlet) {
    outlet.ask(request, slot);
  });
  return answer{std::move(slot)};
}

void link::stop() {
  end_->post([](detail::link_outlet_state& outlet) { outlet.stop(); });
}

reconnect_supervisor_actor link::actor() const {
  return end_->supervisor();
}

}  // namespace byssus
