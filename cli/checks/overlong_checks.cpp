// SA-AUTH-29: credentials much longer than any phone's. chan_sip of 2005 copied them into buffers
// of 256 bytes, pjsip nonces into 64.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "checks/check.hpp"
#include "checks/context.hpp"
#include "checks/outcome.hpp"
#include "checks/tries.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;
using sip::WrittenCredentials;

/// RFC 3261 18.1.1: what is longer goes over a congestion-controlled transport.
constexpr std::size_t longest_datagram = 1300;
/// Of a request without what is long in it.
constexpr std::size_t rest_of_request = 800;

struct Overlong {
  std::string_view what;
  std::size_t bytes = 0;
  void (*lengthen)(sip::Deviation&, std::size_t bytes) = nullptr;
};

void long_nonce(sip::Deviation& deviation, std::size_t bytes) {
  deviation.nonce = std::string(bytes, 'a');
}

void long_opaque(sip::Deviation& deviation, std::size_t bytes) {
  deviation.rewrite = [bytes](WrittenCredentials& written) {
    written.set("opaque", std::string(bytes, 'a'));
  };
}

void many_rows(sip::Deviation& deviation, std::size_t) {
  deviation.rewrite = [](WrittenCredentials& written) {
    for (int i = 1; i < 64; ++i) {
      written.rows_before.push_back({written.header, "Digest realm=\"other" + std::to_string(i) +
                                                         ".example\", username=\"a\", nonce=\"a\", "
                                                         "uri=\"sip:a\", response=\"a\""});
    }
  };
}

void many_parameters(sip::Deviation& deviation, std::size_t) {
  deviation.rewrite = [](WrittenCredentials& written) {
    for (int i = 0; i < 1000; ++i) written.parameters.push_back({"x" + std::to_string(i), "1"});
  };
}

// In the order of their length: the first that does harm is the shortest.
constexpr auto table = std::to_array<Overlong>({
    {"a nonce of 64 bytes", 64, long_nonce},
    {"an nc of 100 digits", 100,
     [](sip::Deviation& deviation, std::size_t bytes) {
       deviation.nc_text = std::string(bytes, '1');
     }},
    {"a nonce of 256 bytes", 256, long_nonce},
    {"a nonce of 4096 bytes", 4096, long_nonce},
    {"a user name of 4096 bytes", 4096,
     [](sip::Deviation& deviation, std::size_t bytes) {
       deviation.username = std::string(bytes, 'a');
     }},
    {"a realm of 4096 bytes", 4096,
     [](sip::Deviation& deviation, std::size_t bytes) {
       deviation.realm = std::string(bytes, 'a');
     }},
    {"a uri of 4096 bytes", 4096,
     [](sip::Deviation& deviation, std::size_t bytes) {
       deviation.uri = "sip:" + std::string(bytes, 'a');
     }},
    {"a cnonce of 4096 bytes", 4096,
     [](sip::Deviation& deviation, std::size_t bytes) {
       deviation.cnonce = std::string(bytes, 'a');
     }},
    {"an opaque of 4096 bytes", 4096, long_opaque},
    {"64 rows of credentials", 8192, many_rows},
    {"1000 parameters", 8192, many_parameters},
    {"a nonce of 16384 bytes", 16384, long_nonce},
});

/// The way for what is too long for a datagram, opened when it is first needed.
class LongWay {
 public:
  explicit LongWay(Context& context) : context_{context} {}
  ~LongWay() {
    if (opened_) context_.session().close(opened_);
  }
  LongWay(const LongWay&) = delete;
  LongWay& operator=(const LongWay&) = delete;

  /// nullptr: the usual one will do. An error tells why there is none.
  std::expected<net::Transport*, std::string> of(const Overlong& overlong) {
    auto& session = context_.session();
    const bool fits = overlong.bytes + rest_of_request <= longest_datagram;
    if (fits || net::transport_row(session.transport().kind()).reliable) return nullptr;
    if (opened_) return opened_;
    if (!why_not_.empty()) return std::unexpected{why_not_};
    auto another = session.open_another({.transport = net::TransportKind::tcp});
    if (!another) {
      why_not_ = another.error().text;
      return std::unexpected{why_not_};
    }
    opened_ = *another;
    return opened_;
  }

 private:
  Context& context_;
  net::Transport* opened_ = nullptr;
  std::string why_not_;
};

sip::Deviation deviation_of(const Overlong& overlong) {
  // Whatever is long in them, their digest is wrong, so that 200 is never right.
  sip::Deviation deviation{.wrong_password = true, .must_be_refused = true};
  overlong.lengthen(deviation, overlong.bytes);
  return deviation;
}

bool needs_qop(const sip::Deviation& deviation) { return deviation.nc_text || deviation.cnonce; }

// False: nothing more can be tried.
bool try_one(Context& context, Tries& tries, const Overlong& overlong, net::Transport* way) {
  const sip::Shape shape{.over = way};
  const auto expected = all_refusals(pass, fail);
  sip::Exchange last;
  try {
    auto fresh = fresh_challenge(context, shape);
    if (auto none = fresh.lacking("no challenge can be answered")) {
      tries.note(inconclusive, overlong.what, none->observed, fresh.offered);
      return false;
    }
    if (fresh.offer().aka) throw NotPossible{"an AKA nonce cannot be made longer"};
    const auto deviation = deviation_of(overlong);
    if (needs_qop(deviation) && fresh.offer().qop == Qop::none) {
      tries.leave_out(std::string{overlong.what} + ", because no qop is offered");
      return true;
    }
    last = fresh.answer(deviation, shape);
    // RFC 3261 21.5.7
    if (last.status == 513) {
      tries.note(pass, overlong.what, std::string{overlong.what} + " was answered with 513", last);
    } else {
      tries.judge(overlong.what, expected, last);
    }
  } catch (const sip::NoAnswer& silence) {
    last = silence.exchange;
    const bool closed = silence.error && silence.error->kind == net::NetError::Kind::closed;
    tries.note(closed ? pass : inconclusive, overlong.what,
               std::string{overlong.what} +
                   (closed ? " made the registrar close the connection" : " was not answered"),
               last);
  }
  const auto alive = context.liveness();
  if (alive == Liveness::silent) {
    tries.note(fail, overlong.what,
               "after " + std::string{overlong.what} +
                   " the registrar answers nothing any more: it crashed, hangs, or bans us",
               last);
  } else if (alive == Liveness::refused) {
    tries.note(inconclusive, overlong.what,
               "after " + std::string{overlong.what} +
                   " the right password is refused on a fresh nonce, as by a lock-out",
               last);
  }
  return alive == Liveness::alive;
}

Finding overlong(Context& context) {
  Tries tries{context};
  LongWay way{context};
  for (const auto& one : table) {
    const auto over = way.of(one);
    if (!over) {
      tries.leave_out(std::string{one.what} + ", too long for a datagram: " + over.error());
      continue;
    }
    if (!try_one(context, tries, one, *over)) break;
  }
  return tries.finding("all were refused, and the registrar lives");
}

constexpr auto checks = std::to_array<Check>({
    {
        .id = "SA-AUTH-29",
        .title = "Overlong credentials",
        .question = "Does the registrar survive credentials that are far too long?",
        .right = "any 4xx, and the right password is taken afterwards",
        .acceptable = "the connection is closed; 513",
        .failing = "200, or no answer to anything afterwards",
        .harm = "One request takes the registrar away from everybody, or worse.",
        .references = {"RFC 3261 21.5.7", "RFC 3261 18.1.1", "RFC 7616 5"},
        .needs = {.credentials = true, .wrong_password = true, .intrusive = true},
        .cost = {.requests = 48, .refused = 12},
        .priority = 250,
        .repeatable = false,
        .passes_on = {"strict"},
        .fails_on = {"strict", "dies-of-length"},
        .run = overlong,
    },
});

}  // namespace

std::span<const Check> overlong_suite() { return checks; }

}  // namespace sipauth::checks
