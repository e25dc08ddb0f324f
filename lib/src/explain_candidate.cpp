#include "explain_candidate.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "sipauth/secret.hpp"
#include "sipauth/text.hpp"

namespace sipauth::explain {
namespace {

using Text = std::string_view DigestInput::*;

constexpr auto texts = std::to_array<Text>(
    {&DigestInput::username, &DigestInput::realm, &DigestInput::password, &DigestInput::ha1,
     &DigestInput::method, &DigestInput::uri, &DigestInput::nonce, &DigestInput::nc,
     &DigestInput::cnonce, &DigestInput::body});

bool same_view(std::string_view a, std::string_view b) noexcept {
  return a.data() == b.data() && a.size() == b.size();
}

bool same_view(const std::optional<std::string_view>& a,
               const std::optional<std::string_view>& b) noexcept {
  return a.has_value() == b.has_value() && (!a || same_view(*a, *b));
}

bool same_views(const Candidate& a, const Candidate& b, std::initializer_list<Text> members) {
  return std::ranges::all_of(
      members, [&](Text member) { return same_view(a.input.*member, b.input.*member); });
}

std::string_view nonce_of_session(const Candidate& candidate) noexcept {
  return candidate.session_nonce.value_or(candidate.input.nonce);
}

std::string_view cnonce_of_session(const Candidate& candidate) noexcept {
  return candidate.session_cnonce.value_or(candidate.input.cnonce);
}

std::string_view qop_of(const Candidate& candidate) noexcept {
  return candidate.qop_text.value_or(qop_name(candidate.input.qop));
}

char to_upper(char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c; }

// A hash in a spelling, wiped when it goes: with an HA1 one can register.
class Spelt {
 public:
  Spelt(const HexDigest& hash, Spelling spelling) {
    const auto hex = hash.view();
    size_ = hex.size();
    switch (spelling) {
      case Spelling::lower_hex:
        std::ranges::copy(hex, text_.begin());
        break;
      case Spelling::upper_hex:
        std::ranges::transform(hex, text_.begin(), to_upper);
        break;
      case Spelling::bytes:
        size_ /= 2;
        for (std::size_t i = 0; i < size_; ++i) {
          text_[i] = static_cast<char>(nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
        }
        break;
    }
  }
  ~Spelt() { wipe_memory(text_.data(), text_.size()); }
  Spelt(const Spelt&) = delete;
  Spelt& operator=(const Spelt&) = delete;

  std::string_view view() const noexcept { return {text_.data(), size_}; }

 private:
  static int nibble(char c) { return is_digit(c) ? c - '0' : c - 'a' + 10; }

  std::array<char, 64> text_{};
  std::size_t size_ = 0;
};

}  // namespace

Hash hash_of(const Candidate& candidate) noexcept {
  return candidate.input.algorithm ? candidate.input.algorithm->hash : Hash::md5;
}

bool is_session(const Candidate& candidate) noexcept {
  return candidate.input.algorithm != nullptr && candidate.input.algorithm->session;
}

Candidate merged(const Candidate& start, const Candidate& a, const Candidate& b) {
  Candidate both = a;
  for (const auto member : texts) {
    if (!same_view(b.input.*member, start.input.*member)) {
      both.input.*member = b.input.*member;
    }
  }
  if (b.input.algorithm != start.input.algorithm) both.input.algorithm = b.input.algorithm;
  if (b.input.qop != start.input.qop) both.input.qop = b.input.qop;
  if (b.inner != start.inner) both.inner = b.inner;
  if (b.ha1 != start.ha1) both.ha1 = b.ha1;
  if (b.ha2 != start.ha2) both.ha2 = b.ha2;
  if (!same_view(b.qop_text, start.qop_text)) both.qop_text = b.qop_text;
  if (!same_view(b.session_nonce, start.session_nonce)) both.session_nonce = b.session_nonce;
  if (!same_view(b.session_cnonce, start.session_cnonce)) both.session_cnonce = b.session_cnonce;
  return both;
}

bool same_a1(const Candidate& a, const Candidate& b) noexcept {
  if (hash_of(a) != hash_of(b) || is_session(a) != is_session(b) ||
      !same_views(a, b,
                  {&DigestInput::username, &DigestInput::realm, &DigestInput::password,
                   &DigestInput::ha1})) {
    return false;
  }
  return !is_session(a) ||
         (a.inner == b.inner && same_view(nonce_of_session(a), nonce_of_session(b)) &&
          same_view(cnonce_of_session(a), cnonce_of_session(b)));
}

bool same_a2(const Candidate& a, const Candidate& b) noexcept {
  const bool with_body = a.input.qop == Qop::auth_int;
  return hash_of(a) == hash_of(b) && with_body == (b.input.qop == Qop::auth_int) &&
         same_views(a, b, {&DigestInput::method, &DigestInput::uri}) &&
         (!with_body || same_view(a.input.body, b.input.body));
}

bool same_rest(const Candidate& a, const Candidate& b) noexcept {
  const bool short_form = a.input.qop == Qop::none;
  if (short_form != (b.input.qop == Qop::none) || a.ha1 != b.ha1 || a.ha2 != b.ha2 ||
      !same_views(a, b, {&DigestInput::nonce})) {
    return false;
  }
  return short_form ||
         (qop_of(a) == qop_of(b) && same_views(a, b, {&DigestInput::nc, &DigestInput::cnonce}));
}

bool same_bytes(const Candidate& a, const Candidate& b) noexcept {
  const auto rest = [](const Candidate& c) {
    return std::tie(c.input.algorithm, c.input.qop, c.inner, c.ha1, c.ha2, c.qop_text,
                    c.session_nonce, c.session_cnonce);
  };
  return rest(a) == rest(b) && std::ranges::all_of(texts, [&](Text member) {
           return a.input.*member == b.input.*member;
         });
}

// H of the parts with a colon between every two.
template <typename... Parts>
Hasher::Hashed Hasher::joined(Hash hash, std::string_view first, Parts... parts) {
  std::array<std::string_view, 1 + 2 * sizeof...(parts)> all{first};
  std::size_t next = 1;
  ((all[next++] = ":", all[next++] = parts), ...);
  for (const auto part : all) bytes_ += part.size();
  const auto made = hash_hex(hash, all);
  return made ? Hashed{*made} : std::nullopt;
}

Hasher::Hashed Hasher::a1(const Candidate& candidate) {
  const auto& input = candidate.input;
  Hashed first;
  if (input.ha1.empty()) {
    first = joined(hash_of(candidate), input.username, input.realm, input.password);
  } else {
    // Whether it is one, compute_digest() judges.
    auto stored = input;
    stored.uri = stored.method = stored.body = {};
    const auto trace = compute_digest(stored);
    if (trace) first = trace->ha1_first;
  }
  if (!first || !is_session(candidate)) return first;
  // Without a cnonce there is no session, unless that is the mistake.
  const auto cnonce = cnonce_of_session(candidate);
  if (cnonce.empty() && !candidate.session_cnonce) return std::nullopt;
  return joined(hash_of(candidate), Spelt{*first, candidate.inner}.view(),
                nonce_of_session(candidate), cnonce);
}

Hasher::Hashed Hasher::a2(const Candidate& candidate) {
  const auto& input = candidate.input;
  const Hash hash = hash_of(candidate);
  if (input.qop != Qop::auth_int) return joined(hash, input.method, input.uri);
  const auto body = joined(hash, input.body);
  return body ? joined(hash, input.method, input.uri, body->view()) : std::nullopt;
}

Hasher::Hashed Hasher::response(const Candidate& candidate, const HexDigest& ha1,
                                const HexDigest& ha2) {
  const auto& input = candidate.input;
  const Hash hash = hash_of(candidate);
  const Spelt first{ha1, candidate.ha1};
  const Spelt second{ha2, candidate.ha2};
  if (input.qop == Qop::none) return joined(hash, first.view(), input.nonce, second.view());
  return joined(hash, first.view(), input.nonce, input.nc, input.cnonce, qop_of(candidate),
                second.view());
}

}  // namespace sipauth::explain
