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

void door::admit(std::unique_ptr<transport> newcomer) {
  if (node_->door == nullptr)
    return;
  ++node_->counts.accepted;
  if (node_->is_full(rules_.most_strangers, place_kind::stranger)) {
    ++node_->counts.refused;
    return node_->note_closing(newcomer->peer(), close_code::overloaded,
                               "the door is full of strangers");
  }
  const bool overloaded = node_->is_full(rules_.most_sockets, place_kind::socket);
  take_up(std::move(newcomer), overloaded).begin({});
}

void door::readmit(std::unique_ptr<detached_socket> returned, std::vector<std::byte> read) {
  if (node_->door != nullptr)
    take_up(node_->home->adopt(std::move(returned)), false).begin(read);
}

stranger& door::take_up(std::unique_ptr<transport> newcomer, bool overloaded) {
  auto taken = std::make_unique<stranger>(*this, std::move(newcomer), overloaded);
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
