// What all dialogues of a run share: the way to the registrar, who we are, the record, the counters
// and the brakes.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/transport.hpp"
#include "sip/aka_credentials.hpp"
#include "sip/deviation.hpp"
#include "sip/exchange.hpp"
#include "sip/random.hpp"
#include "sip/recorder.hpp"
#include "sip/transaction.hpp"
#include "sipauth/secret.hpp"

namespace sipauth::sip {

struct Identity {
  std::string user;         ///< of From and To
  std::string auth_user;    ///< of the digest; empty: the same
  std::string domain;       ///< of From and To, without port
  std::string request_uri;  ///< `sip:HOST[:PORT]`, also the digest's uri
  std::string realm;        ///< answer this one only; empty: any
  Secret password = {};     ///< or, when `password_is_ha1`, the HA1 in hex
  bool password_is_ha1 = false;
  bool has_password = false;                ///< or a card
  std::shared_ptr<AkaCard> card = nullptr;  ///< answers AKA challenges; none: nobody does
  std::vector<std::pair<std::string, std::string>> extra_headers;
  std::string user_agent;
  std::string method = "REGISTER";                 ///< of --method
  std::vector<WrittenHeader> method_headers = {};  ///< what that method cannot go without
  std::optional<Account> second = std::nullopt;    ///< of --second-user
};

/// A way to the registrar beside the one of the run.
struct AnotherWay {
  std::optional<net::TransportKind> transport = std::nullopt;  ///< nullopt: the same
  bool other_address = false;  ///< from 127.0.0.2 instead of 127.0.0.1; else another port
  std::string address = {};    ///< another one of the registrar; empty: the one in use
  bool second_target = false;  ///< to --second-target
  bool offer_sip = true;       ///< the subprotocol, of a WebSocket
};

struct Limits {
  std::uint64_t max_requests = 0;  ///< 0: none
  double requests_per_second = 0;  ///< 0: no brake
};

struct Counters {
  std::uint64_t requests = 0;        ///< first sendings
  std::uint64_t refused = 0;         ///< tries whose digest the server had to refuse
  std::uint64_t resynchronised = 0;  ///< answers with an auts, in place of a digest
};

/// No final answer came. The runner turns it into an inconclusive finding.
struct NoAnswer {
  Exchange exchange;
  std::optional<net::NetError> error;  ///< nullopt: silence
};

/// --max-requests is used up.
struct OverLimit {};

/// Ctrl-C.
struct Interrupted {};

class Session {
 public:
  Session(net::Transport& transport, Identity identity, Timers timers, Limits limits,
          std::uint64_t seed);

  [[nodiscard]] net::Transport& transport() { return *transport_; }
  [[nodiscard]] const net::Clock& clock() const { return transport_->clock(); }
  [[nodiscard]] const Identity& identity() const { return identity_; }
  [[nodiscard]] Random& random() { return random_; }
  [[nodiscard]] Recorder& recorder() { return recorder_; }
  [[nodiscard]] const Recorder& recorder() const { return recorder_; }
  [[nodiscard]] Noise& noise() { return noise_; }
  [[nodiscard]] Timers& timers() { return timers_; }
  [[nodiscard]] Counters& counters() { return counters_; }

  /// How many requests were sent with that nonce, the next one included: what nc must say. It is
  /// counted over all dialogues, because some registrars give one nonce to several (RFC 7616 3.4).
  [[nodiscard]] std::uint32_t next_nonce_count(const std::string& nonce) {
    return ++nonce_counts_[nonce];
  }
  [[nodiscard]] bool nonce_was_used(const std::string& nonce) const {
    return nonce_counts_.contains(nonce);
  }

  /// Sends a request under the brakes and reads its answer. Throws Interrupted, OverLimit. Silence
  /// and transport errors come back in the second member. The first answer that needed no
  /// retransmission sets T1 to four times its RTT, when that is more than the T1 it began with.
  [[nodiscard]] std::pair<Exchange, std::optional<net::NetError>> transact(
      const std::string& request, const std::string& branch, std::optional<SentCredentials> sent,
      net::Transport* over = nullptr);

  /// Waits until the brakes let one more message go, and counts it; transact() does so by itself.
  /// Throws Interrupted, OverLimit.
  void admit();

  /// True when the request has to go to another server: the first one of the run found none that
  /// serves (silence, a transport error or 503: RFC 3263 4.3), and there is another, which is the
  /// transport from now on. Once a server has answered, nothing leaves it any more.
  [[nodiscard]] bool goes_elsewhere(const Exchange& exchange,
                                    const std::optional<net::NetError>& error);

  /// A second source, transport or server; it lives until close(), at most as long as the session.
  /// An error tells why there is none: of kind usage when it cannot be had here at all.
  [[nodiscard]] std::expected<net::Transport*, net::NetError> open_another(const AnotherWay& way);
  void close(net::Transport* transport);

  /// While it lives, dialogues go over `transport` unless their shape says otherwise.
  class Detour {
   public:
    Detour(Session& session, net::Transport& transport)
        : session_{session}, before_{std::exchange(session.transport_, &transport)} {}
    ~Detour() { session_.transport_ = before_; }
    Detour(const Detour&) = delete;
    Detour& operator=(const Detour&) = delete;

   private:
    Session& session_;
    net::Transport* before_;
  };

  /// With another method than REGISTER: the answer that right credentials bring, though it is no
  /// 2xx, counts as accepted from now on.
  void learn_acceptance(int status) { past_authentication_ = status; }

  /// A proxy on the way that was answered; its challenge goes along with every request (RFC 3261
  /// 22.3).
  [[nodiscard]] const std::optional<Offer>& proxy() const { return proxy_; }
  void pass_proxy(Offer offer) { proxy_ = std::move(offer); }

  /// Every REGISTER carries a Contact of ours: the registrar refuses queries, and --bind allows it.
  bool binds = false;

  /// Contacts that the registrar took and that have to be removed at the end (sip/binding.hpp).
  [[nodiscard]] const std::vector<std::string>& bindings() const { return bindings_; }
  void note_bindings(const std::vector<WrittenHeader>& rows);
  void forget_bindings() { bindings_.clear(); }

  /// For what must be sent at the end, come what may.
  void lift_request_limit() { limits_.max_requests = 0; }

  /// Blocks until then, reading and counting what arrives, and runs `background` when it is due.
  /// Throws Interrupted.
  void wait_until(net::Instant when);

  /// Work that is due at its own time while a procedure waits (the lifetime probes): called with
  /// now when a wait begins, and again when it said it wants to be; nullopt: not in this wait. It
  /// is never called from within itself.
  std::function<std::optional<net::Instant>(net::Instant)> background;

  /// Opens one; set by whoever knows the way to the target.
  std::function<std::expected<std::unique_ptr<net::Transport>, net::NetError>(const AnotherWay&)>
      connect_another;

  /// The other transports of the registrar, and all of its other addresses, by name; whether they
  /// are there shows when they are opened.
  std::vector<AnotherWay> other_ways;

  /// The next server, told why the one before it did not serve; null: there is none.
  std::function<net::Transport*(const std::string& why)> next_server;

  /// Every exchange of the run, in order, as it ends.
  std::function<void(const Exchange&)> on_exchange;

 private:
  void brake();
  void read_until(net::Instant when);
  std::optional<net::Instant> run_background();
  void measure(const Exchange& exchange);
  void leave_out_what_we_cannot_compute(Exchange& exchange) const;

  net::Transport* transport_;
  Identity identity_;
  Timers timers_;
  net::Duration shortest_t1_;
  Limits limits_;
  Random random_;
  Recorder recorder_;
  Noise noise_;
  Counters counters_;
  std::optional<net::Instant> last_request_;
  std::map<std::string, std::uint32_t> nonce_counts_;
  std::vector<std::unique_ptr<net::Transport>> others_;
  std::optional<Offer> proxy_;
  std::vector<std::string> bindings_;
  int past_authentication_ = 0;
  bool in_background_ = false;
  bool rtt_is_known_ = false;
};

/// What the challenges of an answer mean to a client of `realm` (empty: any).
void read_offers(Exchange& exchange, std::string_view response, std::string_view realm);

/// Sets `chosen`: the topmost answerable offer of `realm` (empty: of any).
void choose_offer(Exchange& exchange, std::string_view realm);

}  // namespace sipauth::sip
