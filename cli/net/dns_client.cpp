#include "net/dns_client.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "net/module_loader.hpp"
#include "net/resolve.hpp"
#include "net/socket_error.hpp"
#include "net/wait.hpp"

namespace sipauth::net {
namespace {

using std::chrono::milliseconds;
using Session = std::unique_ptr<DnsSession, void (*)(DnsSession*)>;

// Two tries, the second twice as long, leave time for the questions that follow from the answers.
milliseconds first_try(Duration timeout) {
  return std::clamp(std::chrono::duration_cast<milliseconds>(timeout / 5), milliseconds{50},
                    milliseconds{2000});
}

std::expected<Session, NetError> open_session(const DnsApi& api, const DnsOptions& options) {
  std::string problem;
  auto* session = api.create({.name_server = options.name_server,
                              .ipv4 = options.ipv4,
                              .ipv6 = options.ipv6,
                              .first_try = first_try(options.timeout)},
                             problem);
  if (session) return Session{session, api.destroy};
  return std::unexpected{
      NetError{NetError::Kind::dns, fmt::format("The DNS cannot be asked: {}.", problem)}};
}

}  // namespace

std::expected<DnsClient, NetError> DnsClient::open(const DnsOptions& options) {
  DnsClient client{options};
  client.end_ = client.clock_.now() + options.timeout;
  const auto& api = dns_api();
  if (!api && !options.name_server.empty()) {
    return std::unexpected{NetError{NetError::Kind::usage, "--dns-server: " + api.error()}};
  }
  if (!api) {
    client.no_module_ = api.error();
    return client;
  }
  const auto session = open_session(**api, options);
  if (!session) return std::unexpected{session.error()};
  client.name_servers_ = (*api)->name_servers(session->get());
  return client;
}

std::expected<std::vector<DnsAnswer>, NetError> DnsClient::fetch(
    const std::vector<DnsQuestion>& questions) const {
  std::vector<DnsAnswer> answers(questions.size());
  if (!no_module_) {
    const auto& api = **dns_api();
    const auto session = open_session(api, options_);
    if (!session) return std::unexpected{session.error()};
    for (const auto& question : questions) api.ask(session->get(), question);
    for (bool all = false; !all;) {
      if (stop_requested.load(std::memory_order_relaxed)) {
        return std::unexpected{interrupted_error()};
      }
      const auto left = std::min(end_ - clock_.now(), longest_slice);
      if (left <= Duration{0}) break;
      all = api.turn(session->get(), std::chrono::ceil<milliseconds>(left));
    }
    for (std::size_t i = 0; i < answers.size(); ++i) answers[i] = api.answer(session->get(), i);
  }
  if (!options_.name_server.empty()) return answers;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto status = answers[i].status;
    const bool unknown = is_known_absent(status) || status == DnsStatus::not_asked;
    if (questions[i].type != DnsType::address || !unknown) continue;
    auto answer = system_addresses(questions[i].name, options_.ipv4, options_.ipv6);
    if (no_module_ || answer.status == DnsStatus::found) answers[i] = std::move(answer);
  }
  return answers;
}

}  // namespace sipauth::net
