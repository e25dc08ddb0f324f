#include "registrar/nonce_book.hpp"

#include <chrono>

namespace sipauth::registrar {
namespace {

// No format ends in this character, so that a run of it at the end is padding.
constexpr char pad = '-';

Seconds whole_seconds(net::WallTime wall) {
  return std::chrono::floor<std::chrono::seconds>(wall).time_since_epoch().count();
}

Seconds whole_seconds(net::Duration duration) {
  return std::chrono::floor<std::chrono::seconds>(duration).count();
}

}  // namespace

NonceBook::NonceBook(const NonceRules& rules, sip::Random& random)
    : rules_{rules}, random_{random}, secret_{random.hex(32)}, serial_{random.below(0x0100'0000)} {}

NonceSource NonceBook::source(const NonceContext& context, std::string_view bound_to) {
  return {.random = random_,
          .secret = rules_.has_secret ? std::string_view{secret_} : std::string_view{},
          .bound_to = bound_to,
          .now = whole_seconds(context.wall),
          .lifetime = whole_seconds(rules_.lifetime),
          .serial = serial_};
}

std::string NonceBook::bound_text(const NonceContext& context) const {
  std::string text;
  const auto add = [&](std::uint8_t bit, std::string_view part) {
    if ((rules_.bound_to & bit) == 0) return;
    text += part;
    text += '\n';
  };
  add(bound::source, context.source_address);
  add(bound::call_id, context.call_id);
  add(bound::request_uri, context.request_uri);
  add(bound::from_user, context.from_user);
  add(bound::source_port, context.source);
  add(bound::transport, context.reliable ? "stream" : "datagram");
  return text;
}

std::string NonceBook::decorated(std::string nonce) const {
  if (nonce.size() < rules_.pad_to) nonce.append(rules_.pad_to - nonce.size(), pad);
  return nonce.append(rules_.suffix);
}

std::optional<std::string_view> NonceBook::undecorated(std::string_view nonce) const {
  if (!nonce.ends_with(rules_.suffix)) return std::nullopt;
  nonce.remove_suffix(rules_.suffix.size());
  if (rules_.pad_to == 0) return nonce;
  if (nonce.size() != rules_.pad_to) return std::nullopt;
  return nonce.substr(0, nonce.find_last_not_of(pad) + 1);
}

std::string NonceBook::issue(const NonceContext& context, bool with_stale,
                             const std::function<std::optional<std::string>()>& make) {
  if (!last_.empty() && context.now - last_issued_ < rules_.reissue_for) return last_;
  if (!began_) began_ = whole_seconds(context.wall);
  ++serial_;
  auto bound_to = bound_text(context);
  auto made = make ? make() : std::nullopt;
  auto nonce = made ? *std::move(made) : make_nonce(rules_.format, source(context, bound_to));
  // In one second a format without anything random makes the same text again: it is one nonce.
  const bool known = entries_.find(nonce) != nullptr;
  auto& entry = entries_[nonce];
  if (!known) {
    entry.issued = context.now;
    entry.bound_to = std::move(bound_to);
    entry.came_with_stale = with_stale;
  }
  last_ = decorated(std::move(nonce));
  last_issued_ = context.now;
  return last_;
}

// Made before we began, or in a future that no clock's drift explains.
bool NonceBook::is_off_the_clock(const NonceReading& reading, const NonceContext& context) const {
  constexpr Seconds drift = 3;
  const auto now = whole_seconds(context.wall);
  return reading.issued && (*reading.issued < *began_ || *reading.issued > now + drift);
}

bool NonceBook::is_expired(const NonceReading& reading, const IssuedNonce* entry,
                           const NonceContext& context) const {
  const bool used = entry != nullptr && entry->used;
  if (used && rules_.used_lifetime != net::Duration{0}) {
    return context.now - entry->issued >= rules_.used_lifetime;
  }
  if (rules_.lifetime == net::Duration{0}) return false;
  if (entry != nullptr && entry->ends) return context.now >= *entry->ends;
  if (reading.expires) return whole_seconds(context.wall) >= *reading.expires;
  if (reading.issued) {
    return whole_seconds(context.wall) - *reading.issued >= whole_seconds(rules_.lifetime);
  }
  return entry != nullptr && context.now - entry->issued >= rules_.lifetime;
}

FoundNonce NonceBook::find(std::string_view nonce, const NonceContext& context) {
  if (rules_.verify == Verify::none) return {.state = NonceState::fresh, .entry = nullptr};
  if (!began_) began_ = whole_seconds(context.wall);
  const auto bare = undecorated(nonce);
  if (!bare) return {};
  const auto bound_to = bound_text(context);
  const auto reading = read_nonce(rules_.format, *bare, source(context, bound_to));
  if (!reading) return {};

  auto* entry = entries_.find(reading->canonical);
  const bool expired = is_expired(*reading, entry, context);
  const bool early =
      (rules_.time == TimeTest::before_mac && expired) ||
      (rules_.time == TimeTest::start_before_mac && is_off_the_clock(*reading, context));
  if (early) return {.state = NonceState::expired, .entry = entry};
  if (entry != nullptr && entry->bound_to != bound_to) return {.state = NonceState::misbound};
  if (!reading->mac_right.value_or(entry != nullptr)) return {};
  if (entry == nullptr && reading->issued) {
    entry = &entries_[reading->canonical];
    entry->issued = context.now;
    entry->bound_to = bound_to;
  }
  // It was ours, and so long ago that it is forgotten.
  if (entry == nullptr) return {.state = NonceState::expired, .entry = nullptr};
  if (expired) return {.state = NonceState::expired, .entry = entry};
  const bool one_time = rules_.one_time && context.now >= rules_.one_time_after;
  if (one_time && entry->used) return {.state = NonceState::used, .entry = entry};
  return {.state = NonceState::fresh, .entry = entry};
}

bool take_count(const CountRules& rules, IssuedNonce& nonce, std::uint32_t count) {
  if (rules.check == CountRules::Check::none) return true;
  if (count == 0 || count > rules.largest) return false;
  if (rules.check == CountRules::Check::next && count != nonce.highest_count + 1) return false;
  if (count > nonce.highest_count) {
    const auto step = count - nonce.highest_count;
    nonce.seen_counts = step < 64 ? nonce.seen_counts << step | 1 : 1;
    nonce.highest_count = count;
    return true;
  }
  if (rules.check == CountRules::Check::rising) return false;
  const auto back = nonce.highest_count - count;
  if (back >= rules.window || back >= 64 || (nonce.seen_counts >> back & 1) != 0) return false;
  nonce.seen_counts |= std::uint64_t{1} << back;
  return true;
}

}  // namespace sipauth::registrar
