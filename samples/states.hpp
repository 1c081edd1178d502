#pragma once

#include <byssus/byssus.hpp>
#include <iostream>

/// Says on stderr how `link` does, but for its attempts. When it has failed, `failed` becomes true
/// and `node` stops. Both are used until `node` is gone.
inline void tell_states(byssus::link& link, byssus::node& node, bool& failed) {
  link.on_state([&node, &failed](const byssus::link_state& now) {
    if (now.phase == byssus::link_phase::connecting || now.reason == byssus::errc::stopped)
      return;
    std::cerr << "link: " + to_string(now) + '\n';
    if (now.phase == byssus::link_phase::failed) {
      failed = true;
      node.stop();
    }
  });
}
