#include "net/find_server.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <asio/ip/address.hpp>
#include <system_error>
#include <utility>

#include "sipauth/text.hpp"

namespace sipauth::net {
namespace {

// SRV targets whose addresses are looked up.
constexpr std::size_t max_targets = 16;

// RFC 6761 6.3: never asked of a name server.
bool is_this_host(std::string_view host) {
  constexpr std::string_view suffix = ".localhost";
  return same(host, "localhost") ||
         (host.size() > suffix.size() && same(host.substr(host.size() - suffix.size()), suffix));
}

// RFC 3263 4.2. WebSocket has no such name: its URI tells host, port and path.
std::string srv_name(TransportKind transport, const std::string& domain) {
  switch (transport) {
    case TransportKind::udp:
      return "_sip._udp." + domain;
    case TransportKind::tcp:
      return "_sip._tcp." + domain;
    case TransportKind::tls:
      return "_sips._tcp." + domain;
    default:
      return {};
  }
}

TransportKind usual_transport(const Wanted& wanted) {
  return wanted.transport.value_or(wanted.secure ? TransportKind::tls : TransportKind::udp);
}

struct Service {
  std::string name = {};
  TransportKind transport = TransportKind::udp;
};

NetError dns_error(std::string text) { return {NetError::Kind::dns, std::move(text)}; }

class Search {
 public:
  Search(const Wanted& wanted, const Finder& finder) : wanted_{wanted}, finder_{finder} {
    found_.domain = wanted.host;
  }

  Resolution run() {
    const auto transport = usual_transport(wanted_);
    const auto port = wanted_.port.value_or(transport_row(transport).port);
    if (is_address(wanted_.host)) {
      take_address(transport, port, {.address = wanted_.host}, "");
    } else if (!needs_records(wanted_)) {
      if (ask({{DnsType::address, wanted_.host}})) take_host(transport, port);
    } else if (finder_.only_addresses) {
      found_.notes.push_back(fmt::format(
          "{} Address, transport and port of {} are those of a domain without such records.",
          *finder_.only_addresses, wanted_.host));
      if (ask({{DnsType::address, wanted_.host}})) take_host(transport, port);
    } else {
      with_records();
    }
    if (found_.candidates.empty()) {
      if (!found_.error) found_.error = nothing_found();
    } else {
      tell_what_was_not_answered();
    }
    return std::move(found_);
  }

 private:
  // Everything that may be needed goes out at once: a name server that swallows questions of one
  // type then costs its timeout once.
  void with_records() {
    std::vector<DnsQuestion> questions{{DnsType::address, wanted_.host}};
    if (!wanted_.transport) questions.push_back({DnsType::naptr, wanted_.host});
    for (const auto& service : usual_services()) questions.push_back({DnsType::srv, service.name});
    const bool looks_aside = !wanted_.transport && !wanted_.secure;
    const DnsQuestion aside{DnsType::srv, srv_name(TransportKind::tls, wanted_.host)};
    if (looks_aside) questions.push_back(aside);
    if (!ask(questions)) return;

    const auto services = services_of_the_domain();
    if (!look_at(services)) return;
    const bool any_record = std::ranges::any_of(
        found_.srv, [](const SrvSet& set) { return set.status == DnsStatus::found; });
    if (any_record) return take_targets();
    if (looks_aside && answer_of(aside).status == DnsStatus::found) {
      found_.problems.push_back(
          fmt::format("There is {}, but a sip: URI is not looked up there: type sips:{}.",
                      aside.name, wanted_.host));
    }
    const auto transport = followed_naptr_ ? services.front().transport : usual_transport(wanted_);
    take_host(transport, transport_row(transport).port);
  }

  std::vector<Service> usual_services() const {
    std::vector<Service> services;
    const auto add = [&](TransportKind transport) {
      services.push_back({srv_name(transport, wanted_.host), transport});
    };
    if (wanted_.transport || wanted_.secure) {
      add(usual_transport(wanted_));
    } else {
      add(TransportKind::udp);
      add(TransportKind::tcp);
    }
    return services;
  }

  std::vector<Service> services_of_the_domain() {
    if (wanted_.transport) return usual_services();
    const auto& answer = answer_of({DnsType::naptr, wanted_.host});
    found_.naptr_status = answer.status;
    found_.naptr = judge_naptr(answer.naptr, wanted_.secure, finder_.speaks_tls);
    std::vector<Service> services;
    for (const auto& [record, why_not] : found_.naptr) {
      if (!why_not.empty()) continue;
      const Service service{record.replacement, *transport_of_service(record.service)};
      const bool known = std::ranges::any_of(services, [&](const Service& other) {
        return same(other.name, service.name) && other.transport == service.transport;
      });
      if (!known) services.push_back(service);
    }
    followed_naptr_ = !services.empty();
    if (followed_naptr_) return services;
    if (!found_.naptr.empty()) {
      found_.problems.push_back(
          "No NAPTR record can be followed, so SRV records are looked for as if there were none.");
    }
    return usual_services();
  }

  bool look_at(const std::vector<Service>& services) {
    std::vector<DnsQuestion> questions;
    questions.reserve(services.size());
    for (const auto& service : services) questions.push_back({DnsType::srv, service.name});
    if (!ask(questions)) return false;
    for (const auto& [name, transport] : services) {
      const auto& answer = answer_of({DnsType::srv, name});
      SrvSet set{.name = name, .transport = transport, .status = answer.status};
      for (auto& record : in_order(answer.srv, finder_.draw)) {
        set.steps.push_back({.record = std::move(record)});
      }
      if (followed_naptr_ && is_known_absent(set.status)) {
        found_.problems.push_back(
            fmt::format("The NAPTR record leads to {}, where there is no SRV record.", name));
      }
      found_.srv.push_back(std::move(set));
    }
    return true;
  }

  void tell_what_was_not_answered() {
    const auto tell = [&](DnsStatus status, const std::string& what) {
      if (status == DnsStatus::found || status == DnsStatus::not_asked) return;
      if (is_known_absent(status)) return;
      found_.problems.push_back(
          fmt::format("Whether there is {} is not known: {}.", what, status_text(status)));
    };
    tell(found_.naptr_status, "a NAPTR record");
    for (const auto& set : found_.srv) tell(set.status, "an SRV record at " + set.name);
  }

  void take_targets() {
    std::vector<DnsQuestion> questions;
    for (const auto& set : found_.srv) {
      for (const auto& step : set.steps) {
        if (step.record.target == "." || questions.size() == max_targets) continue;
        questions.push_back({DnsType::address, step.record.target});
      }
    }
    if (!ask(questions)) return;
    for (auto& set : found_.srv) {
      for (auto& step : set.steps) take_target(set, step);
    }
  }

  void take_target(const SrvSet& set, SrvStep& step) {
    const auto& record = step.record;
    if (record.target == ".") {
      found_.problems.push_back(
          fmt::format("{} says \".\": this domain has no such service.", set.name));
      return;
    }
    step.addresses = answer_of({DnsType::address, record.target});
    if (is_address(record.target)) {
      found_.problems.push_back(
          fmt::format("The target {} of {} is an address; it has to be a name (RFC 2782).",
                      record.target, set.name));
    }
    if (!step.addresses.canonical_name.empty()) {
      found_.problems.push_back(
          fmt::format("The target {} of {} is a CNAME of {}; it must not be an alias (RFC 2782).",
                      record.target, set.name, step.addresses.canonical_name));
    }
    if (record.port == 0) {
      found_.problems.push_back(
          fmt::format("{} names port 0 at {}, where nobody listens.", set.name, record.target));
      return;
    }
    if (step.addresses.addresses.empty()) {
      found_.problems.push_back(fmt::format("The target {} of {} has no address: {}.",
                                            record.target, set.name,
                                            status_text(step.addresses.status)));
    }
    for (const auto& address : addresses_in_order(step.addresses)) {
      take_address(set.transport, record.port, address, record.target);
    }
  }

  void take_host(TransportKind transport, std::uint16_t port) {
    found_.host = HostStep{wanted_.host, answer_of({DnsType::address, wanted_.host})};
    for (const auto& address : addresses_in_order(found_.host->answer)) {
      take_address(transport, port, address, wanted_.host);
    }
  }

  // As resolve() has it: IPv4 before IPv6.
  static std::vector<AddressRecord> addresses_in_order(const DnsAnswer& answer) {
    auto addresses = answer.addresses;
    const auto is_v4 = [](const AddressRecord& record) {
      return record.address.find(':') == std::string::npos;
    };
    std::stable_partition(addresses.begin(), addresses.end(), is_v4);
    return addresses;
  }

  void take_address(TransportKind transport, std::uint16_t port, const AddressRecord& record,
                    const std::string& name) {
    if (found_.candidates.size() == max_candidates) return;
    if (found_.find(transport, record.address, port)) return;
    found_.candidates.push_back(
        {.transport = transport, .address = record.address, .port = port, .name = name});
  }

  bool ask(const std::vector<DnsQuestion>& questions) {
    std::vector<DnsQuestion> fresh;
    for (const auto& question : questions) {
      const bool asked =
          std::ranges::any_of(known_, [&](const auto& entry) { return entry.first == question; });
      const bool twice = std::ranges::find(fresh, question) != fresh.end();
      if (!asked && !twice) fresh.push_back(question);
    }
    if (fresh.empty()) return true;
    auto answers = finder_.fetch(fresh);
    if (!answers) {
      found_.error = std::move(answers.error());
      return false;
    }
    for (std::size_t i = 0; i < fresh.size() && i < answers->size(); ++i) {
      known_.emplace_back(std::move(fresh[i]), std::move((*answers)[i]));
    }
    return true;
  }

  const DnsAnswer& answer_of(const DnsQuestion& question) const {
    static const DnsAnswer none;
    const auto found =
        std::ranges::find_if(known_, [&](const auto& entry) { return entry.first == question; });
    return found == known_.end() ? none : found->second;
  }

  NetError nothing_found() const {
    const auto& host = wanted_.host;
    const bool has_services = std::ranges::any_of(
        found_.srv, [](const SrvSet& set) { return set.status == DnsStatus::found; });
    const auto has_target = [](const SrvSet& set) {
      return std::ranges::any_of(set.steps,
                                 [](const SrvStep& s) { return s.record.target != "."; });
    };
    if (has_services && std::ranges::none_of(found_.srv, has_target)) {
      return dns_error(fmt::format(
          "{} says in the DNS that it has no such service (an SRV record with the target \".\"): "
          "try another transport, or name the server with --connect HOST:PORT.",
          host));
    }
    if (has_services) {
      return dns_error(fmt::format(
          "The SRV records of {} lead to no address: mend them, or name the server with --connect "
          "HOST:PORT.",
          host));
    }
    const auto status = found_.host ? found_.host->answer.status : DnsStatus::not_asked;
    switch (status) {
      case DnsStatus::no_name:
        return dns_error(
            fmt::format("There is no host {}: check the spelling, or give its address with "
                        "--connect.",
                        host));
      case DnsStatus::timeout:
        return dns_error(
            fmt::format("The name server does not answer for {}: check the network, "
                        "or give the address.",
                        host));
      case DnsStatus::unreachable:
        return dns_error(
            fmt::format("No name server can be asked for {}: check /etc/resolv.conf or "
                        "--dns-server, or give the address.",
                        host));
      case DnsStatus::server_failed:
        return dns_error(fmt::format(
            "The name server failed at {} (SERVFAIL, or it refuses us): its own log tells why, or "
            "give the address with --connect.",
            host));
      default:
        return dns_error(fmt::format(
            "{} has no address of the family that was asked for{}: check the spelling, -4, -6 and "
            "--source, or give its address with --connect.",
            host, found_.srv.empty() ? "" : ", and no SRV record"));
    }
  }

  const Wanted& wanted_;
  const Finder& finder_;
  Resolution found_;
  std::vector<std::pair<DnsQuestion, DnsAnswer>> known_;
  bool followed_naptr_ = false;
};

}  // namespace

bool is_address(const std::string& host) {
  std::error_code code;
  asio::ip::make_address(host, code);
  return !code;
}

bool needs_records(const Wanted& wanted) {
  return !wanted.port && !is_address(wanted.host) && !is_this_host(wanted.host) &&
         !srv_name(usual_transport(wanted), wanted.host).empty();
}

Resolution find_server(const Wanted& wanted, const Finder& finder) {
  return Search{wanted, finder}.run();
}

}  // namespace sipauth::net
