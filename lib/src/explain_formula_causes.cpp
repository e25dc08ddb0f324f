#include <array>

#include "crypto.hpp"
#include "explain_change.hpp"
#include "sipauth/text.hpp"

namespace sipauth::explain {
namespace {

// --- qop ---

bool has_count(const Candidate& candidate) {
  return !candidate.input.cnonce.empty() && !candidate.input.nc.empty();
}

void with_qop(const Candidate& candidate, Qop qop, std::string_view told, Sink& sink) {
  if (candidate.input.qop == qop) return;
  Candidate other = candidate;
  other.input.qop = qop;
  sink.take(other, told);
}

void with_qop_text(const Candidate& candidate, Qop qop, std::string_view text, Sink& sink) {
  if (qop == candidate.input.qop && text == qop_name(qop)) return;
  Candidate other = candidate;
  other.input.qop = qop;
  other.qop_text = text;
  sink.take(other, text);
}

void qop_ignored(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  with_qop(candidate, Qop::none, "none", sink);
}

void other_qop(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (!has_count(candidate)) return;
  for (const auto qop : {Qop::auth, Qop::auth_int}) {
    with_qop(candidate, qop, qop_name(qop), sink);
  }
}

void qop_list(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  if (!has_count(candidate)) return;
  const auto lists =
      std::to_array<std::string_view>({context.sent_qop, context.offered_qop, "auth,auth-int",
                                       "auth-int,auth", "auth, auth-int", "auth-int, auth"});
  for (std::size_t i = 0; i < lists.size(); ++i) {
    const auto tried = std::span{lists}.first(i);
    if (!lists[i].contains(',') || is_among(tried, lists[i])) continue;
    for (const auto qop : {Qop::auth, Qop::auth_int}) {
      with_qop_text(candidate, qop, lists[i], sink);
    }
  }
}

void qop_spelling(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  if (!has_count(candidate) || candidate.input.qop == Qop::none) return;
  const auto name = qop_name(candidate.input.qop);
  const auto sent = context.sent_qop.empty() ? name : context.sent_qop;
  for (const auto& text : {std::string{sent}, in_quotes(name), upper_case(name), std::string{}}) {
    if (text.contains(',')) continue;
    with_qop_text(candidate, candidate.input.qop, text, sink);
  }
}

// --- body ---

bool is_body_hashed(const Candidate& candidate) { return candidate.input.qop == Qop::auth_int; }

// auth-int stands in the final string, and A2 is that of auth, or the reverse.
void body_left_out(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (is_body_hashed(candidate)) with_qop_text(candidate, Qop::auth, "auth-int", sink);
}

void body_taken_in(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (candidate.input.qop == Qop::auth) with_qop_text(candidate, Qop::auth_int, "auth", sink);
}

// Also where no body is hashed as it stands: with another qop it may be.
void with_body(const Candidate& candidate, std::string_view body, std::string_view told,
               Sink& sink) {
  if (candidate.input.body == body) return;
  Candidate other = candidate;
  other.input.body = body;
  sink.take(other, told);
}

void body_ignored(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  with_body(candidate, "", "", sink);
}

std::string with_lf(std::string_view text) {
  std::string other;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r' || i + 1 == text.size() || text[i + 1] != '\n') other += text[i];
  }
  return other;
}

std::string with_crlf(std::string_view text) {
  std::string other;
  for (const char c : text) {
    if (c == '\n' && !other.ends_with('\r')) other += '\r';
    other += c;
  }
  return other;
}

void body_lines(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  const auto body = candidate.input.body;
  if (!context.body_on_the_wire.empty()) {
    with_body(candidate, context.body_on_the_wire, "its line ends as they were sent", sink);
  }
  with_body(candidate, with_crlf(body), "CR LF at its line ends", sink);
  with_body(candidate, with_lf(body), "LF at its line ends", sink);
}

void body_end(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  const std::string body{candidate.input.body};
  with_body(candidate, body + "\r\n", "a CR LF more behind it", sink);
  with_body(candidate, body + '\n', "a LF more behind it", sink);
  auto end = body.size();
  while (end > 0 && (body[end - 1] == '\n' || body[end - 1] == '\r')) --end;
  with_body(candidate, std::string_view{body}.substr(0, end), "no line end behind it", sink);
}

// --- algorithm ---

void with_algorithm(const Candidate& candidate, Hash hash, bool session, Sink& sink) {
  for (const auto& row : algorithms()) {
    if (row.hash != hash || row.session != session) continue;
    Candidate other = candidate;
    other.input.algorithm = &row;
    sink.take(other, row.name);
  }
}

void plain_instead_of_session(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (is_session(candidate)) with_algorithm(candidate, hash_of(candidate), false, sink);
}

void session_instead_of_plain(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (!is_session(candidate)) with_algorithm(candidate, hash_of(candidate), true, sink);
}

void binary_session(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  if (!is_session(candidate)) return;
  Candidate other = candidate;
  other.inner = Spelling::bytes;
  sink.take(other, candidate.input.algorithm->name);
}

// The hash that was declared comes first; an HA1 of another hash has to be of its length.
void other_algorithm(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  for (const bool session : {is_session(candidate), !is_session(candidate)}) {
    for (const auto hash : {Hash::md5, Hash::sha256, Hash::sha512_256}) {
      if (hash != hash_of(candidate)) with_algorithm(candidate, hash, session, sink);
    }
  }
}

constexpr auto cut_rows = std::to_array<Algorithm>({
    {.name = "SHA-512", .hash = crypto::sha512_cut, .session = false, .hex_length = 64},
    {.name = "SHA-512-sess", .hash = crypto::sha512_cut, .session = true, .hex_length = 64},
});

void sha512_cut(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  Candidate other = candidate;
  other.input.algorithm = &cut_rows[is_session(candidate) ? 1 : 0];
  if (hash_of(candidate) != Hash::md5) sink.take(other, other.input.algorithm->name);
}

// --- how hashes are written ---

template <Spelling Of, Spelling Candidate::*... Members>
void spelling(const Candidate& candidate, const ExplainContext&, Sink& sink) {
  Candidate other = candidate;
  ((other.*Members = Of), ...);
  sink.take(other, Of == Spelling::bytes ? "bytes" : "upper case");
}

void upper_case_inner(const Candidate& candidate, const ExplainContext& context, Sink& sink) {
  if (!is_session(candidate)) return;
  spelling<Spelling::upper_hex, &Candidate::inner>(candidate, context, sink);
  spelling<Spelling::upper_hex, &Candidate::inner, &Candidate::ha1, &Candidate::ha2>(candidate,
                                                                                     context, sink);
}

constexpr std::string_view lower_case_is_due =
    "Hashes go into the next one as lower-case hex digits (RFC 7616 3.1): the phone, or whoever "
    "stored this HA1, has to write them so.";

constexpr auto table = std::to_array<Cause>({
    {"qop-ignored", "qop",
     "The qop was sent but not hashed: this is the short form of RFC 2069, without nc and cnonce.",
     "The phone is older than RFC 2617, or two parts of it disagree: a server without qop in its "
     "challenge lets it in.",
     Rank::usual, Composes::no, qop_ignored},
    {"other-qop", "qop", "The digest was made for qop={}.",
     "The phone must hash the qop that it sends: one of the two is wrong.", Rank::usual,
     Composes::no, other_qop},
    {"qop-list", "qop", "The qop that was hashed is the whole list {}; one word of it is due.",
     "The phone takes the list of the challenge for its choice: a server that offers auth alone "
     "lets it in.",
     Rank::usual, Composes::no, qop_list},
    {"qop-spelling", "qop", "The qop was hashed as \"{}\".",
     "What is hashed is auth or auth-int, in lower case and without quotes.", Rank::seen,
     Composes::no, qop_spelling},
    {"body-ignored", "body", "The digest was made for an empty body.",
     "The phone does not hash its body, or a device on the way added one: auth instead of auth-int "
     "ends this.",
     Rank::usual, Composes::no, body_ignored},
    {"body-left-out", "body",
     "The digest was made for auth-int in its final string, but without the body in A2.",
     "The phone knows the word auth-int and not what it means: a server that offers auth alone "
     "lets it in.",
     Rank::seen, Composes::no, body_left_out},
    {"body-taken-in", "body", "The digest was made for auth, but with the body in A2.",
     "With qop=auth the body stays out of A2: the phone mixes it up with auth-int.", Rank::rare,
     Composes::no, body_taken_in},
    {"body-lines", "body", "The body was hashed with {}.",
     "Line ends were changed between what was hashed and this text: on the way, by an editor, or "
     "in the phone.",
     Rank::usual, Composes::no, body_lines},
    {"body-end", "body", "The body was hashed with {}.",
     "The end of the body was cut or padded after it was hashed: compare Content-Length with the "
     "bytes that were sent.",
     Rank::seen, Composes::no, body_end},
    {"plain-instead-of-session", "algorithm",
     "The digest was made with {}: the nonce and cnonce of -sess are not in A1.",
     "The phone answers a -sess challenge like a plain one: a server that offers the plain "
     "algorithm lets it in.",
     Rank::usual, Composes::no, plain_instead_of_session},
    {"session-instead-of-plain", "algorithm",
     "The digest was made with {}: nonce and cnonce were hashed into A1.",
     "The phone computes a session that its header does not declare.", Rank::usual, Composes::no,
     session_instead_of_plain},
    {"binary-session", "algorithm",
     "The inner hash of {} went into A1 as bytes; it belongs there as hex digits.",
     "So does the C sample of RFC 2617 5, and software made from it: hex digits are right (RFC "
     "7616 3.4.2). Without -sess both agree.",
     Rank::usual, Composes::no, binary_session},
    {"other-algorithm", "algorithm", "The digest was made with {}, not {given}.",
     "The algorithm of the header has to be the one that was used; where none stands, it is MD5.",
     Rank::usual, Composes::no, other_algorithm},
    {"sha512-cut", "algorithm",
     "The digest was made with {}, cut to 256 bits; SHA-512-256 is another function.",
     "RFC 7616 3.9.2 itself prints such values (erratum 4897): who followed them has to use "
     "SHA-512/256 of FIPS 180-4.",
     Rank::usual, Composes::no, sha512_cut},
    {"upper-case-ha1", "ha1", "HA1 went into the response in {}.", lower_case_is_due, Rank::usual,
     Composes::no, spelling<Spelling::upper_hex, &Candidate::ha1>},
    {"upper-case-hashes", "ha1", "HA1 and HA2 went into the response in {}.", lower_case_is_due,
     Rank::seen, Composes::no, spelling<Spelling::upper_hex, &Candidate::ha1, &Candidate::ha2>},
    {"upper-case-ha2", "ha1", "HA2 went into the response in {}.", lower_case_is_due, Rank::rare,
     Composes::no, spelling<Spelling::upper_hex, &Candidate::ha2>},
    {"upper-case-session", "ha1", "The inner hash of -sess went into A1 in {}.", lower_case_is_due,
     Rank::seen, Composes::no, upper_case_inner},
    {"binary-ha1", "ha1", "HA1 went into the response as {}; hex digits are due.",
     lower_case_is_due, Rank::rare, Composes::no, spelling<Spelling::bytes, &Candidate::ha1>},
    {"binary-hashes", "ha1", "HA1 and HA2 went into the response as {}; hex digits are due.",
     lower_case_is_due, Rank::rare, Composes::no,
     spelling<Spelling::bytes, &Candidate::ha1, &Candidate::ha2>},
});

}  // namespace

std::span<const Cause> formula_causes() noexcept { return table; }

}  // namespace sipauth::explain
