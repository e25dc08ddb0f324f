#include "results/resolution_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "results/escape.hpp"

namespace sipauth::results {
namespace {

using Outcome = net::Candidate::Outcome;

class Tree {
 public:
  Tree(TextPage& page, const net::Resolution& resolution) : page_{page}, found_{resolution} {}

  void add() {
    const auto of = found_.name_servers.empty() ? std::string{"the system's resolver"}
                                                : for_terminal(found_.name_servers);
    page_.labelled("Lookup", fmt::format("{}, asked of {}", for_terminal(found_.domain), of));
    naptr();
    for (const auto& set : found_.srv) this->set(set);
    if (found_.host) host(*found_.host);
    for (const auto& problem : found_.problems) marked("!", "33", problem);
    for (const auto& note : found_.notes) marked("i", "36", note);
    page_.blank();
  }

 private:
  void naptr() {
    if (found_.naptr_status == net::DnsStatus::not_asked) return;
    if (found_.naptr.empty()) {
      page_.line(fmt::format("  NAPTR {}: {}", for_terminal(found_.domain),
                             net::status_text(found_.naptr_status)));
      return;
    }
    page_.line(fmt::format("  NAPTR {}", for_terminal(found_.domain)));
    for (const auto& [record, why_not] : found_.naptr) {
      const auto head =
          fmt::format("    order {} preference {}  {} -> {}", record.order, record.preference,
                      for_terminal(record.service), for_terminal(record.replacement));
      line(head, why_not.empty() ? "" : "2", why_not.empty() ? "" : "not followed: " + why_not);
    }
  }

  void set(const net::SrvSet& set) {
    const auto head = fmt::format("  SRV {} over {}", for_terminal(set.name),
                                  net::transport_row(set.transport).via);
    if (set.steps.empty()) {
      page_.line(fmt::format("{}: {}", head, net::status_text(set.status)));
      return;
    }
    page_.line(head);
    for (const auto& [record, answer] : set.steps) {
      if (record.target == ".") {
        page_.line("    \".\": no such service");
        continue;
      }
      page_.line(fmt::format("    priority {} weight {}  {} port {}", record.priority,
                             record.weight, for_terminal(record.target), record.port));
      addresses("      ", answer, set.transport, record.port);
    }
  }

  void host(const net::HostStep& step) {
    const auto* any = found_.candidates.empty() ? nullptr : &found_.candidates.front();
    page_.line(fmt::format("  A/AAAA {}", for_terminal(step.name)));
    addresses("    ", step.answer, any ? any->transport : net::TransportKind::udp,
              any ? any->port : 0);
  }

  void addresses(std::string_view indent, const net::DnsAnswer& answer,
                 net::TransportKind transport, std::uint16_t port) {
    if (!answer.canonical_name.empty()) {
      page_.line(fmt::format("{}CNAME {}", indent, for_terminal(answer.canonical_name)));
    }
    if (answer.addresses.empty()) {
      page_.line(fmt::format("{}no address: {}", indent, net::status_text(answer.status)));
    }
    for (const auto& record : answer.addresses) {
      const auto ttl = record.ttl == 0 ? std::string{} : fmt::format(", TTL {} s", record.ttl);
      const auto* candidate = found_.find(transport, record.address, port);
      line(fmt::format("{}{}{}", indent, record.address, ttl), colour_of(candidate),
           outcome_of(candidate));
    }
  }

  static std::string_view colour_of(const net::Candidate* candidate) {
    if (!candidate || candidate->outcome == Outcome::not_tried) return "2";
    return candidate->outcome == Outcome::used ? "32" : "33";
  }

  static std::string outcome_of(const net::Candidate* candidate) {
    if (!candidate) return "not tried";
    switch (candidate->outcome) {
      case Outcome::used:
        return "this one is used";
      case Outcome::passed_over:
        return "passed over: " + for_terminal(candidate->why);
      case Outcome::not_tried:
        break;
    }
    return "not tried";
  }

  // A colour cannot go over a line's end, so it is that of the head.
  void line(std::string_view head, std::string_view colour, std::string_view text) {
    if (text.empty()) return page_.line(head);
    const auto indent = std::min(head.find_first_not_of(' '), head.size()) + 2;
    page_.hanging(page_.coloured(colour, fmt::format("{}  ", head)), head.size() + 2, indent, text);
  }

  void marked(std::string_view sign, std::string_view colour, std::string_view text) {
    page_.hanging("  " + page_.coloured(colour, sign) + " ", 4, 4, for_terminal(text));
  }

  TextPage& page_;
  const net::Resolution& found_;
};

}  // namespace

void add_resolution(TextPage& page, const net::Resolution& resolution) {
  if (resolution.has_lookups()) Tree{page, resolution}.add();
}

}  // namespace sipauth::results
