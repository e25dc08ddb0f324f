// The DNS module: the only code that links c-ares, loaded when a host name is first looked up.
//
// c-ares 1.28 marks ares_query and ares_parse_* as deprecated; what replaces them is not in 1.18,
// so they are called here, and this file is compiled without that warning.

#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <poll.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "net/dns_api.hpp"

namespace sipauth::net {
namespace {

struct Slot {
  DnsSession* session = nullptr;
  DnsType type = DnsType::address;
  DnsAnswer answer = {.status = DnsStatus::timeout};
};

}  // namespace

struct DnsSession {
  ares_channel channel = nullptr;
  int family = AF_UNSPEC;
  std::size_t unanswered = 0;
  std::deque<Slot> slots;  // their addresses are with c-ares
};

namespace {

DnsStatus status_of(int code) {
  switch (code) {
    case ARES_SUCCESS:
      return DnsStatus::found;
    case ARES_ENOTFOUND:
      return DnsStatus::no_name;
    case ARES_ENODATA:
      return DnsStatus::no_data;
    case ARES_ECONNREFUSED:
      return DnsStatus::unreachable;
    case ARES_ETIMEOUT:
    case ARES_ECANCELLED:
    case ARES_EDESTRUCTION:
      return DnsStatus::timeout;
    default:
      return DnsStatus::server_failed;
  }
}

// The root, which is `.` on paper, comes as nothing.
std::string name_of(const char* name) {
  const std::string_view text = name ? name : "";
  return text.empty() ? "." : std::string{text};
}

std::string text_of(const unsigned char* text) {
  return text ? reinterpret_cast<const char*>(text) : "";
}

int read_naptr(const unsigned char* message, int size, DnsAnswer& answer) {
  ares_naptr_reply* list = nullptr;
  const int code = ares_parse_naptr_reply(message, size, &list);
  for (const auto* record = list; record && answer.naptr.size() < max_records;
       record = record->next) {
    answer.naptr.push_back({.order = record->order,
                            .preference = record->preference,
                            .flags = text_of(record->flags),
                            .service = text_of(record->service),
                            .regexp = text_of(record->regexp),
                            .replacement = name_of(record->replacement)});
  }
  ares_free_data(list);
  return code;
}

int read_srv(const unsigned char* message, int size, DnsAnswer& answer) {
  ares_srv_reply* list = nullptr;
  const int code = ares_parse_srv_reply(message, size, &list);
  for (const auto* record = list; record && answer.srv.size() < max_records;
       record = record->next) {
    answer.srv.push_back({.priority = record->priority,
                          .weight = record->weight,
                          .port = record->port,
                          .target = name_of(record->host)});
  }
  ares_free_data(list);
  return code;
}

void on_message(void* argument, int code, int, unsigned char* message, int size) {
  auto& slot = *static_cast<Slot*>(argument);
  --slot.session->unanswered;
  if (code == ARES_SUCCESS) {
    code = slot.type == DnsType::naptr ? read_naptr(message, size, slot.answer)
                                       : read_srv(message, size, slot.answer);
    const bool empty = slot.answer.naptr.empty() && slot.answer.srv.empty();
    if (code == ARES_SUCCESS && empty) code = ARES_ENODATA;
  }
  slot.answer.status = status_of(code);
}

std::string text_of(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes = nullptr;
  if (address.sa_family == AF_INET) {
    bytes = &reinterpret_cast<const sockaddr_in&>(address).sin_addr;
  } else if (address.sa_family == AF_INET6) {
    bytes = &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  }
  if (!bytes || !inet_ntop(address.sa_family, bytes, text.data(), text.size())) return {};
  return text.data();
}

void on_addresses(void* argument, int code, int, ares_addrinfo* found) {
  auto& slot = *static_cast<Slot*>(argument);
  --slot.session->unanswered;
  auto& answer = slot.answer;
  if (found) {
    for (const auto* node = found->nodes; node && answer.addresses.size() < max_records;
         node = node->ai_next) {
      auto text = text_of(*node->ai_addr);
      if (text.empty()) continue;
      answer.addresses.push_back(
          {std::move(text), static_cast<std::uint32_t>(std::max(node->ai_ttl, 0))});
    }
    for (const auto* alias = found->cnames; alias; alias = alias->next) {
      if (alias->name) answer.canonical_name = alias->name;
    }
  }
  ares_freeaddrinfo(found);
  if (code == ARES_SUCCESS && answer.addresses.empty()) code = ARES_ENODATA;
  answer.status = status_of(code);
}

void destroy(DnsSession* session) {
  if (session->channel) ares_destroy(session->channel);
  delete session;
  ares_library_cleanup();
}

int servers_in(ares_channel channel) {
  ares_addr_port_node* list = nullptr;
  int count = 0;
  if (ares_get_servers_ports(channel, &list) != ARES_SUCCESS) return count;
  for (const auto* server = list; server; server = server->next) ++count;
  ares_free_data(list);
  return count;
}

// c-ares keeps SERVFAIL and REFUSED to itself and asks the next server, which ends as "no server
// can be reached". Where there is only one, we want to hear what it said.
int open_channel(DnsSession& session, const DnsSetup& setup, bool only_one) {
  ares_options options{};
  std::string lookups = "b";  // no hosts file
  options.timeout = static_cast<int>(setup.first_try.count());
  options.tries = 2;
  options.ndomains = 0;  // names are whole
  options.lookups = lookups.data();
  options.flags = only_one ? ARES_FLAG_NOCHECKRESP : 0;
  int mask = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_DOMAINS | ARES_OPT_FLAGS;
  if (!setup.name_server.empty()) mask |= ARES_OPT_LOOKUPS;
  const int code = ares_init_options(&session.channel, &options, mask);
  if (code != ARES_SUCCESS || setup.name_server.empty()) return code;
  return ares_set_servers_ports_csv(session.channel, setup.name_server.c_str());
}

DnsSession* create(const DnsSetup& setup, std::string& problem) {
  int code = ares_library_init(ARES_LIB_INIT_ALL);
  if (code != ARES_SUCCESS) {
    problem = ares_strerror(code);
    return nullptr;
  }
  auto session = std::make_unique<DnsSession>();
  if (setup.ipv4 != setup.ipv6) session->family = setup.ipv4 ? AF_INET : AF_INET6;
  code = open_channel(*session, setup, !setup.name_server.empty());
  if (code == ARES_SUCCESS && setup.name_server.empty() && servers_in(session->channel) == 1) {
    ares_destroy(session->channel);
    session->channel = nullptr;
    code = open_channel(*session, setup, true);
  }
  if (code == ARES_SUCCESS) return session.release();
  problem = ares_strerror(code);
  destroy(session.release());
  return nullptr;
}

std::size_t ask(DnsSession* session, const DnsQuestion& question) {
  auto& slot = session->slots.emplace_back(Slot{.session = session, .type = question.type});
  ++session->unanswered;
  const auto* name = question.name.c_str();
  if (question.type == DnsType::address) {
    ares_addrinfo_hints hints{};
    hints.ai_flags = ARES_AI_NOSORT;
    hints.ai_family = session->family;
    hints.ai_socktype = SOCK_DGRAM;  // each address once
    ares_getaddrinfo(session->channel, name, nullptr, &hints, on_addresses, &slot);
  } else {
    const int type = question.type == DnsType::naptr ? ns_t_naptr : ns_t_srv;
    ares_query(session->channel, name, ns_c_in, type, on_message, &slot);
  }
  return session->slots.size() - 1;
}

bool turn(DnsSession* session, std::chrono::milliseconds longest) {
  if (session->unanswered == 0) return true;
  std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets{};
  const auto bits = static_cast<unsigned>(
      ares_getsock(session->channel, sockets.data(), static_cast<int>(sockets.size())));
  std::array<pollfd, ARES_GETSOCK_MAXNUM> waiting{};
  nfds_t count = 0;
  for (unsigned i = 0; i < sockets.size(); ++i) {
    const bool reads = (bits & (1U << i)) != 0;
    const bool writes = (bits & (1U << (i + ARES_GETSOCK_MAXNUM))) != 0;
    if (!reads && !writes) continue;
    const int events = (reads ? POLLIN : 0) | (writes ? POLLOUT : 0);
    waiting.at(count++) = {sockets.at(i), static_cast<short>(events), 0};
  }
  timeval most{.tv_sec = longest.count() / 1000, .tv_usec = longest.count() % 1000 * 1000};
  timeval next{};
  const auto* until = ares_timeout(session->channel, &most, &next);
  const auto wait = until->tv_sec * 1000 + until->tv_usec / 1000 + 1;
  const int ready = ::poll(waiting.data(), count, static_cast<int>(wait));
  for (nfds_t i = 0; ready > 0 && i < count; ++i) {
    const auto [socket, events, happened] = waiting.at(i);
    if (happened == 0) continue;
    const bool broken = (happened & (POLLERR | POLLHUP)) != 0;
    const bool readable = broken || (happened & POLLIN) != 0;
    const bool writable = (events & POLLOUT) != 0 && (broken || (happened & POLLOUT) != 0);
    ares_process_fd(session->channel, readable ? socket : ARES_SOCKET_BAD,
                    writable ? socket : ARES_SOCKET_BAD);
  }
  ares_process_fd(session->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);  // what took too long
  return session->unanswered == 0;
}

DnsAnswer answer(const DnsSession* session, std::size_t question) {
  return session->slots.at(question).answer;
}

std::string name_servers(DnsSession* session) {
  std::string text;
  ares_addr_port_node* list = nullptr;
  if (ares_get_servers_ports(session->channel, &list) != ARES_SUCCESS) return text;
  for (const auto* server = list; server; server = server->next) {
    std::array<char, INET6_ADDRSTRLEN> address{};
    if (!inet_ntop(server->family, &server->addr, address.data(), address.size())) continue;
    const bool v6 = server->family == AF_INET6;
    const int port = server->udp_port == 0 ? 53 : server->udp_port;
    text += text.empty() ? "" : ", ";
    text += (v6 ? "[" : "") + std::string{address.data()} + (v6 ? "]:" : ":");
    text += std::to_string(port);
  }
  ares_free_data(list);
  return text;
}

constexpr DnsApi api{create, destroy, ask, turn, answer, name_servers};

}  // namespace
}  // namespace sipauth::net

extern "C" [[gnu::visibility("default")]] const sipauth::net::DnsApi* sipauth_dns_api(
    const char* version) {
  return std::string_view{version} == SIPAUTH_VERSION ? &sipauth::net::api : nullptr;
}
