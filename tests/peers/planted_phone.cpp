// planted_phone BUG PORT: a phone of ours with a bug that fuzzing has to find. It registers as
// alice / secret at 127.0.0.1:PORT over UDP, again and again, until SIGTERM. Writes "pid N"; SIGHUP
// starts it anew, which a crash needs.
//
//   none    it is well
//   crash   a WWW-Authenticate whose quotes do not match ends it
//   state   a challenge with an algorithm that it does not know makes it forget its password

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "peers/planted.hpp"
#include "sipauth/challenge.hpp"
#include "sipauth/digest.hpp"
#include "sipauth/message.hpp"
#include "sipauth/write.hpp"

namespace {

using namespace sipauth;

constexpr int interval_ms = 20;  // between two registrations
constexpr int answer_ms = 100;   // before a request is sent again
constexpr int most_rounds = 6;   // challenges that are answered in one registration

class Phone {
 public:
  Phone(std::string_view bug, std::uint16_t port) : bug_{bug} {
    socket_ = ::socket(AF_INET, SOCK_DGRAM, 0);
    const sockaddr_in to{.sin_family = AF_INET,
                         .sin_port = htons(port),
                         .sin_addr = {htonl(INADDR_LOOPBACK)},
                         .sin_zero = {}};
    ::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to);
    sockaddr_in here{};
    socklen_t size = sizeof here;
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&here), &size);
    local_ = "127.0.0.1:" + std::to_string(ntohs(here.sin_port));
  }

  void live() {
    for (;;) {
      register_once();
      ::poll(nullptr, 0, interval_ms);
    }
  }

 private:
  void register_once() {
    std::string credentials;
    for (int round = 0; round < most_rounds; ++round) {
      const auto answer = ask(credentials);
      if (answer.empty()) return;
      if (bug_ == "crash" && planted::has_open_quote(planted::row(answer, "WWW-Authenticate:"))) {
        std::abort();
      }
      Diagnostics ignored;
      const auto message = Message::parse(answer, ignored);
      if (!message || message->status() != 401) return;
      const auto next = answered(message->value(HeaderId::www_authenticate));
      if (!next) return;
      credentials = *next;
    }
  }

  std::optional<std::string> answered(std::string_view value) {
    Diagnostics ignored;
    const auto challenge = Challenge::parse(value, ignored);
    if (!challenge || !challenge->is_digest() || !challenge->nonce()) return std::nullopt;
    const auto name = unquote(challenge->algorithm().value_or(""));
    const auto* const algorithm = find_algorithm(name);
    if (algorithm == nullptr) {
      if (bug_ == "state") password_ = "forgotten";
      return std::nullopt;
    }
    const auto realm = unquote(challenge->realm().value_or(""));
    const auto nonce = unquote(*challenge->nonce());
    const bool qop = qop_offers(unquote(challenge->qop().value_or("")), "auth");
    const auto trace = compute_digest({.algorithm = algorithm,
                                       .qop = qop ? Qop::auth : Qop::none,
                                       .username = "alice",
                                       .realm = realm,
                                       .password = password_,
                                       .method = "REGISTER",
                                       .uri = "sip:test.local",
                                       .nonce = nonce,
                                       .nc = "00000001",
                                       .cnonce = "0a4f113b"});
    if (!trace) return std::nullopt;
    std::vector<WrittenParameter> list{{"username", "alice"},
                                       {"realm", realm},
                                       {"nonce", nonce},
                                       {"uri", "sip:test.local"},
                                       {"response", std::string{trace->response.view()}}};
    if (!name.empty()) list.push_back({"algorithm", name});
    if (challenge->opaque()) list.push_back({"opaque", unquote(*challenge->opaque())});
    if (qop) {
      list.push_back({"qop", "auth"});
      list.push_back({"nc", "00000001"});
      list.push_back({"cnonce", "0a4f113b"});
    }
    return write_credentials(list);
  }

  std::string ask(const std::string& credentials) {
    ++cseq_;
    WrittenRequest request{
        .request_uri = "sip:test.local",
        .via_host = local_,
        .branch = "z9hG4bKphone" + std::to_string(cseq_),
        .from = "<sip:alice@test.local>;tag=phone",
        .to = "<sip:alice@test.local>",
        .call_id = "phone-" + std::to_string(::getpid()),
        .cseq = cseq_,
        .user_agent = "planted",
        .headers = {{"Contact", "<sip:alice@" + local_ + ">"}, {"Expires", "60"}}};
    if (!credentials.empty()) request.headers.push_back({"Authorization", credentials});
    const auto text = write_request(request);
    constexpr int most_sendings = 3;
    for (int i = 0; i < most_sendings; ++i) {
      ::send(socket_, text.data(), text.size(), 0);
      pollfd readable{.fd = socket_, .events = POLLIN, .revents = 0};
      if (::poll(&readable, 1, answer_ms) != 1) continue;
      const auto size = ::recv(socket_, buffer_.data(), buffer_.size(), 0);
      if (size > 0) return {buffer_.data(), static_cast<std::size_t>(size)};
      ::poll(nullptr, 0, answer_ms);  // nobody listens there yet
    }
    return {};
  }

  std::string_view bug_;
  int socket_ = -1;
  std::string local_;
  std::uint32_t cseq_ = 0;
  std::string password_ = "secret";
  std::array<char, 65'536> buffer_{};
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::string_view bug = argv[1];
  const auto port = static_cast<std::uint16_t>(std::atoi(argv[2]));
  std::printf("pid %d\n", ::getpid());
  std::fflush(stdout);
  return sipauth::planted::supervise(false, {}, [&] {
    Phone{bug, port}.live();
    return 0;
  });
}
