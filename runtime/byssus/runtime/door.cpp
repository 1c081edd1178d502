#include "byssus/runtime/door.hpp"

#include "byssus/actors/links/accepted_connection.hpp"
#include "byssus/actors/links/plain_connection.hpp"
#include "byssus/runtime/stranger.hpp"

#include <utility>

namespace byssus {

using protocol::close_code;

std::string validate(const door_rules& rules) {
  if (rules.hello_deadline <= duration{0})
    return "hello_deadline: must be above zero";
  if (rules.most_strangers == 0 || rules.most_sockets == 0)
    return "most_strangers, most_sockets: must be above zero";
  if (rules.most_hello_bytes < 64 ||
      rules.most_hello_bytes > protocol::max_frame_bytes_before_welcome)
    return "most_hello_bytes: must be from 64 to " +
           std::to_string(protocol::max_frame_bytes_before_welcome);
  if (rules.accepts_a_second > 1'000'000)
    return "accepts_a_second: must be at most 1000000";
  return {};
}

door::door(std::shared_ptr<node_part> node, const door_rules& rules)
    : node_(std::move(node)), rules_(rules) {
  node_->door = this;
}

door::~door() {
  node_->door = nullptr;
  drop();
}

void door::admit(std::unique_ptr<transport> newcomer, gate_pass pass) {
  if (node_->door == nullptr)
    return;
  ++node_->counts.accepted;
  if (node_->is_full(rules_.most_strangers, place_kind::stranger)) {
    ++node_->counts.refused;
    if (node_->census->door_full.begins(node_->home->now()))
      node_->home->journal().write(
          severity::warning, "turning strangers away: as many are at the door as it allows, " +
                                 std::to_string(rules_.most_strangers));
    return;
  }
  place seat{node_, place_kind::socket, pass.take_ticket()};
  take_up(std::move(newcomer), std::move(seat), pass.said()).begin({});
}

void door::readmit(std::unique_ptr<detached_socket> returned, std::vector<std::byte> read,
                   place seat) {
  if (node_->door != nullptr)
    take_up(node_->home->adopt(std::move(returned)), std::move(seat), verdict::welcome).begin(read);
}

stranger& door::take_up(std::unique_ptr<transport> newcomer, place seat, verdict said) {
  auto taken = std::make_unique<stranger>(*this, std::move(newcomer), std::move(seat), said);
  if (first_)
    first_->links.here = &taken->links.next;
  taken->links.next = std::move(first_);
  taken->links.here = &first_;
  first_ = std::move(taken);
  return *first_;
}

void door::forget(stranger& guest) noexcept {
  auto& here = *guest.links.here;
  const auto gone = std::exchange(here, std::move(guest.links.next));
  if (here)
    here->links.here = gone->links.here;
}

void door::let_in(stranger& guest, protocol::hello said, protocol::byte_view rest) {
  auto arriving = std::make_shared<admission>(guest.release_socket(), std::move(said),
                                              std::vector<std::byte>{rest.begin(), rest.end()},
                                              guest.release_seat());
  forget(guest);
  node_->home->spawn(accepted_connection, node_, std::move(arriving));
}

void door::let_in_plain(stranger& guest, std::vector<std::byte> read) {
  auto arriving = std::make_shared<plain_admission>(guest.release_socket(), std::move(read),
                                                    guest.release_seat());
  forget(guest);
  node_->home->spawn(plain_connection, node_, std::move(arriving));
}

void door::let_in_listener(stranger& guest) {
  if (node_->is_full(rules_.most_plain_listeners, place_kind::listener))
    return guest.refuse(
        {close_code::overloaded, "the node has as many silent listeners as it allows"});
  auto arriving = std::make_shared<plain_admission>(guest.release_socket(),
                                                    std::vector<std::byte>{}, guest.release_seat());
  arriving->listening = place{node_, place_kind::listener};
  forget(guest);
  node_->home->spawn(plain_connection, node_, std::move(arriving));
}

void door::close() {
  node_->door = nullptr;
  for (auto* here = first_.get(); here != nullptr;)
    std::exchange(here, here->links.next.get())->send_away();
}

void door::drop() noexcept {
  while (first_)
    forget(*first_);
}

}  // namespace byssus
