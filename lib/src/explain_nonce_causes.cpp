#include <array>
#include <charconv>

#include "explain_change.hpp"
#include "sipauth/text.hpp"

namespace sipauth::explain {
namespace {

constexpr std::size_t nc_width = 8;

// Where neither is hashed as it stands, with another qop they may be.
bool has_count(const Candidate& candidate) { return !candidate.input.nc.empty(); }
bool has_cnonce(const Candidate& candidate) { return !candidate.input.cnonce.empty(); }

// --- nonce ---

void other_nonce(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  for (const auto nonce : context.nonces) with(candidate, &DigestInput::nonce, nonce, sink);
}

template <Text Member, std::string_view ExplainContext::* Raw>
void backslashes(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  if (Member == &DigestInput::cnonce && !has_cnonce(candidate)) return;
  from_context<Member, Raw>(candidate, context, sink);
  with(candidate, Member, unquote(candidate.input.*Member), sink);
}

template <Text Member>
void decoded(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  with(candidate, Member, percent_decoded(candidate.input.*Member), sink);
  with(candidate, Member, percent_encoded(candidate.input.*Member), sink);
}

template <Text Member>
void quoted(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (Member == &DigestInput::cnonce && !has_cnonce(candidate)) return;
  with(candidate, Member, in_quotes(candidate.input.*Member), sink);
}

// Parsers that look for = or , without minding the quotes.
template <Text Member>
void cut(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (Member == &DigestInput::cnonce && !has_cnonce(candidate)) return;
  const auto text = candidate.input.*Member;
  for (const char mark : {'=', ',', ';'}) {
    if (const auto at = text.find(mark); at != std::string_view::npos) {
      with(candidate, Member, text.substr(0, at), sink);
    }
  }
}

template <Text Member>
void other_case(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (Member == &DigestInput::cnonce && !has_cnonce(candidate)) return;
  with(candidate, Member, lower_case(candidate.input.*Member), sink);
  with(candidate, Member, upper_case(candidate.input.*Member), sink);
}

template <Text Member>
void blanks(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  const std::string text{candidate.input.*Member};
  with(candidate, Member, text + ' ', sink);
  with(candidate, Member, ' ' + text, sink);
  with(candidate, Member, trim(text), sink);
}

// --- cnonce ---

void other_cnonce(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  if (!has_cnonce(candidate)) return;
  for (const auto cnonce : context.cnonces) with(candidate, &DigestInput::cnonce, cnonce, sink);
}

void no_cnonce(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  with(candidate, &DigestInput::cnonce, "", sink);
}

// A session begins with the first answer to a challenge, and A1 stays (RFC 7616 3.4.2); most stacks
// compute it for every request.
void first_cnonce(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  if (!is_session(candidate)) return;
  for (const auto cnonce : context.cnonces) {
    if (cnonce == candidate.input.cnonce) continue;
    Candidate other = candidate;
    other.session_cnonce = cnonce;
    sink.take(other, cnonce);
  }
}

// The A1 was made before there was a cnonce, or for a form without one.
void session_without_cnonce(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (!is_session(candidate)) return;
  Candidate other = candidate;
  other.session_cnonce = "";
  sink.take(other, "");
}

void first_nonce(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  if (!is_session(candidate)) return;
  for (const auto nonce : context.nonces) {
    if (nonce == candidate.input.nonce) continue;
    Candidate other = candidate;
    other.session_nonce = nonce;
    sink.take(other, nonce);
  }
}

// --- nc ---

std::string count(std::uint32_t value, int base, std::size_t width) {
  std::array<char, 10> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, base).ptr;
  std::string text{digits.data(), end};
  if (text.size() < width) text.insert(0, width - text.size(), '0');
  return text;
}

std::optional<std::uint32_t> read_count(std::string_view nc, int base) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(nc.data(), nc.data() + nc.size(), value, base);
  if (error != std::errc{} || end != nc.data() + nc.size()) return std::nullopt;
  return value;
}

// With and without zeros: whoever counts in decimal often pads as little as he converts.
void nc_decimal(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (!has_count(candidate)) return;
  const auto nc = candidate.input.nc;
  const auto hex = read_count(nc, 16);
  const auto decimal = read_count(nc, 10);
  for (const auto width : {nc_width, std::size_t{1}}) {
    if (hex && *hex > 9) with(candidate, &DigestInput::nc, count(*hex, 10, width), sink);
    if (decimal && *decimal > 9) {
      with(candidate, &DigestInput::nc, count(*decimal, 16, width), sink);
    }
  }
}

void nc_zeros(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (!has_count(candidate)) return;
  if (const auto value = read_count(candidate.input.nc, 16)) {
    with(candidate, &DigestInput::nc, count(*value, 16, 1), sink);
    with(candidate, &DigestInput::nc, count(*value, 16, nc_width), sink);
  }
}

// Of the first request the count has begun: what differs is how it is written.
void nc_first(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (!has_count(candidate) || read_count(candidate.input.nc, 16) == 1U) return;
  for (const auto nc : {"00000001", "1", "00000000", "0"}) {
    with(candidate, &DigestInput::nc, nc, sink);
  }
}

void nc_off_by_one(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (!has_count(candidate)) return;
  if (const auto value = read_count(candidate.input.nc, 16)) {
    with(candidate, &DigestInput::nc, count(*value + 1, 16, nc_width), sink);
    with(candidate, &DigestInput::nc, count(*value - 1, 16, nc_width), sink);
  }
}

void no_nc(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (has_count(candidate)) with(candidate, &DigestInput::nc, "", sink);
}

template <Text Member>
void count_case(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  if (has_count(candidate)) other_case<Member>(candidate, context, sink);
}

template <Text Member>
void quoted_count(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  if (has_count(candidate)) quoted<Member>(candidate, context, sink);
}

constexpr std::string_view hash_what_is_sent =
    "What is hashed must be what stands in the header: the phone changes it between the two, or a "
    "device on the way did.";

constexpr std::string_view one_count =
    "What is hashed must be what stands in the header, eight lower-case hex digits that count up "
    "with every request on a nonce (RFC 7616 3.4): the phone's counter is at fault.";

constexpr auto nonce = &DigestInput::nonce;
constexpr auto cnonce = &DigestInput::cnonce;
constexpr auto nc = &DigestInput::nc;

constexpr auto table = std::to_array<Cause>({
    {"other-nonce", "nonce", "The nonce that was hashed is {}, another one of this text.",
     "The phone computed with one challenge and answered another: it has to take the nonce of the "
     "last 401 or 407 for both.",
     Rank::usual, Composes::no, other_nonce},
    {"nonce-backslashes", "nonce",
     "The nonce was hashed as {}: with backslashes kept that RFC 7616 drops, or the reverse.",
     "A server that keeps backslashes out of its nonces ends this.", Rank::seen, Composes::no,
     backslashes<nonce, &ExplainContext::raw_nonce>},
    {"nonce-cut", "nonce", "The nonce was hashed as {}, cut at a mark within its quotes.",
     "The phone splits the header at = or , without minding quotes: until it is mended, a server "
     "whose nonces are hexadecimal helps.",
     Rank::usual, Composes::no, cut<nonce>},
    {"nonce-decoded", "nonce", "The nonce was hashed as {}: %XX differ.", hash_what_is_sent,
     Rank::rare, Composes::no, decoded<nonce>},
    {"nonce-quotes", "nonce", "The nonce was hashed as {}, quotes included.",
     "The quotes of the header are no part of the value: the phone has to leave them out.",
     Rank::seen, Composes::no, quoted<nonce>},
    {"nonce-case", "nonce", "The nonce was hashed as {}, in another case than it was sent.",
     "A nonce is an opaque text: nobody may change its case.", Rank::rare, Composes::no,
     other_case<nonce>},
    {"nonce-space", "nonce", "The nonce was hashed as \"{}\": a blank differs.", hash_what_is_sent,
     Rank::rare, Composes::no, blanks<nonce>},
    {"other-cnonce", "cnonce", "The cnonce that was hashed is {}, that of another request.",
     "The phone draws a new cnonce for the header after it computed the digest with the last one.",
     Rank::usual, Composes::no, other_cnonce},
    {"session-cnonce", "cnonce",
     "A1 holds the cnonce {} of another request, and the final string that of this one.",
     "The phone keeps the A1 of a -sess session, which RFC 7616 3.4.2 allows, and the server "
     "computes it anew for each request: MD5 or SHA-256 without -sess ends this.",
     Rank::usual, Composes::no, first_cnonce},
    {"session-no-cnonce", "cnonce", "A1 was made without the cnonce: its place is empty there.",
     "The phone computes the A1 of -sess before it has a cnonce: RFC 7616 3.4.2 takes that of the "
     "first request into it.",
     Rank::seen, Composes::no, session_without_cnonce},
    {"session-nonce", "nonce",
     "A1 holds the nonce {} of another challenge, and the final string that of this one.",
     "The phone keeps the A1 of a -sess session over a new challenge: a new nonce begins a new "
     "session.",
     Rank::seen, Composes::no, first_nonce},
    {"cnonce-backslashes", "cnonce",
     "The cnonce was hashed as {}: with backslashes kept that RFC 7616 drops, or the reverse.",
     "A phone that keeps backslashes out of its cnonces ends this.", Rank::rare, Composes::no,
     backslashes<cnonce, &ExplainContext::raw_cnonce>},
    {"cnonce-cut", "cnonce", "The cnonce was hashed as {}, cut at a mark within its quotes.",
     "A device on the way, or the server, splits the header at = or , without minding quotes.",
     Rank::seen, Composes::no, cut<cnonce>},
    {"cnonce-quotes", "cnonce", "The cnonce was hashed as {}, quotes included.",
     "The quotes of the header are no part of the value: the phone has to leave them out.",
     Rank::seen, Composes::no, quoted<cnonce>},
    {"cnonce-case", "cnonce", "The cnonce was hashed as {}, in another case than it was sent.",
     hash_what_is_sent, Rank::rare, Composes::no, other_case<cnonce>},
    {"no-cnonce", "cnonce", "The cnonce was sent but not hashed: its place is empty.",
     hash_what_is_sent, Rank::rare, Composes::no, no_cnonce},
    {"nc-decimal", "nc", "The nc that was hashed is {}, not {given}: one side counts in decimal.",
     one_count, Rank::usual, Composes::no, nc_decimal},
    {"nc-zeros", "nc", "The nc that was hashed is {}, not {given}; eight digits are due.",
     one_count, Rank::usual, Composes::no, nc_zeros},
    {"nc-first", "nc", "The nc that was hashed is {}, as if the count began, not {given}.",
     one_count, Rank::usual, Composes::no, nc_first},
    {"nc-off-by-one", "nc", "The nc that was hashed is {}, not {given}.", one_count, Rank::usual,
     Composes::no, nc_off_by_one},
    {"nc-case", "nc", "The nc that was hashed is {}, not {given}; its case counts.", one_count,
     Rank::seen, Composes::no, count_case<nc>},
    {"nc-quotes", "nc", "The nc was hashed as {}, quotes included.", one_count, Rank::seen,
     Composes::no, quoted_count<nc>},
    {"no-nc", "nc", "The nc was sent but not hashed: its place is empty.", one_count, Rank::rare,
     Composes::no, no_nc},
});

}  // namespace

std::span<const Cause> nonce_causes() noexcept { return table; }

}  // namespace sipauth::explain
