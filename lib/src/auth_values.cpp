// The rules about values that challenges, credentials and authentication-info share.
#include <algorithm>
#include <array>

#include "auth_params.hpp"

namespace sipauth {
namespace {

struct AlgorithmName {
  std::string_view name;  // as it is registered, without -sess
  AlgorithmFacts facts;
  bool registered = true;
};

// RFC 7616 6.1, RFC 3310, RFC 4169 and their kin with SHA, and what Kamailio offers beyond them.
constexpr auto algorithm_names = std::to_array<AlgorithmName>({
    {"MD5", {.hex_length = 32}},
    {"SHA-256", {.hex_length = 64}},
    {"SHA-512-256", {.hex_length = 64}},
    {"AKAv1-MD5", {.hex_length = 32, .aka = true}},
    {"AKAv2-MD5", {.hex_length = 32, .aka = true}},
    {"AKAv1-SHA-256", {.hex_length = 64, .aka = true}},
    {"AKAv2-SHA-256", {.hex_length = 64, .aka = true}},
    {"AKAv1-SHA-512-256", {.hex_length = 64, .aka = true}},
    {"AKAv2-SHA-512-256", {.hex_length = 64, .aka = true}},
    {"SHA-512", {.hex_length = 128}, false},
});

constexpr auto well_known_schemes = std::to_array<std::string_view>(
    {"Digest", "Basic", "Bearer", "Negotiate", "NTLM", "Kerberos", "TLS-DSK"});

constexpr std::string_view session_suffix = "-sess";

constexpr bool is_session(std::string_view name) noexcept {
  return name.size() > session_suffix.size() &&
         same(name.substr(name.size() - session_suffix.size()), session_suffix);
}

constexpr std::string_view without_session(std::string_view name) noexcept {
  return is_session(name) ? name.substr(0, name.size() - session_suffix.size()) : name;
}

const AlgorithmName* find_name(std::string_view base) noexcept {
  const auto* row = std::ranges::find_if(
      algorithm_names, [&](const AlgorithmName& known) { return same(known.name, base); });
  return row == algorithm_names.end() ? nullptr : row;
}

}  // namespace

bool qop_offers(std::string_view list, std::string_view wanted) noexcept {
  while (true) {
    const auto comma = list.find(',');
    if (same(trim(list.substr(0, comma)), wanted)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

bool is_well_known_scheme(std::string_view name) noexcept {
  return std::ranges::any_of(well_known_schemes,
                             [&](std::string_view scheme) { return same(scheme, name); });
}

std::optional<AlgorithmFacts> algorithm_facts(std::string_view name) noexcept {
  const auto* row = find_name(without_session(name));
  return row ? std::optional{row->facts} : std::nullopt;
}

std::string usual_algorithm_name(std::string_view name) {
  const auto* row = find_name(without_session(name));
  if (row == nullptr) return {};
  std::string usual{row->name};
  return is_session(name) ? usual.append(session_suffix) : usual;
}

std::string algorithm_spelt_like(std::string_view name) {
  const auto kept = [](std::string_view text) {
    std::string letters;
    for (const char c : text) {
      if (is_alpha(c) || is_digit(c)) letters += lower(c);
    }
    return letters;
  };
  auto wanted = kept(name);
  const bool session = wanted.ends_with("sess");
  if (session) wanted.resize(wanted.size() - 4);
  for (const auto& known : algorithm_names) {
    if (!known.registered || kept(known.name) != wanted) continue;
    std::string spelt{known.name};
    return session ? spelt.append(session_suffix) : spelt;
  }
  return {};
}

std::optional<AlgorithmFacts> lint_algorithm(const AuthParams& list,
                                             AuthParamsReader& reader) noexcept {
  const auto written = list.value("algorithm");
  if (!written) return AlgorithmFacts{};
  const auto base = without_session(*written);
  const auto* row = find_name(base);
  if (row == nullptr) {
    if (!written->empty()) reader.report("SL-unknown-algorithm", *written);
    return std::nullopt;
  }

  const bool session = is_session(*written);
  if (!row->registered) reader.report("SL-unregistered-algorithm", *written);
  if (row->name != base || (session && !written->ends_with(session_suffix))) {
    reader.report("SL-odd-case-algorithm", *written);
  }
  if (list.value("qop").value_or("").empty()) {
    if (session) {
      reader.report("SL-session-without-qop", *written);
    } else if (row->facts.hex_length > 32) {
      reader.report("SL-sha-without-qop", *written);
    }
  }
  return row->facts;
}

void lint_hex_digest(std::string_view digest, AuthParamsReader& reader) noexcept {
  if (!std::ranges::all_of(digest, is_hex)) {
    reader.report("SL-response-not-hex", digest);
  } else if (!std::ranges::all_of(digest, is_lower_hex)) {
    reader.report("SL-upper-case-response", digest);
  }
}

void lint_qop_company(const AuthParams& list, AuthParamsReader& reader) noexcept {
  const auto cnonce = list.value("cnonce");
  const auto nc = list.value("nc");
  if (!list.value("qop").value_or("").empty()) {
    if (!cnonce) reader.report_missing("SL-missing-cnonce");
    if (!nc) reader.report_missing("SL-missing-nc");
  } else if (cnonce && !cnonce->empty()) {
    reader.report("SL-cnonce-without-qop", *cnonce);
  } else if (nc && !nc->empty()) {
    reader.report("SL-cnonce-without-qop", *nc);
  }

  if (!nc || nc->empty()) return;
  if (nc->size() != 8 || !std::ranges::all_of(*nc, is_hex)) {
    reader.report("SL-bad-nc", *nc);
  } else if (!std::ranges::all_of(*nc, is_lower_hex)) {
    reader.report("SL-upper-case-nc", *nc);
  } else if (nc->find_first_not_of('0') == std::string_view::npos) {
    reader.report("SL-zero-nc", *nc);
  }
}

void lint_boolean(const AuthParams& list, std::string_view name, RuleId rule,
                  AuthParamsReader& reader) noexcept {
  const auto value = list.value(name);
  if (value && !same(*value, "true") && !same(*value, "false")) reader.report(rule, *value);
}

}  // namespace sipauth
