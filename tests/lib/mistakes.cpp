#include "lib/mistakes.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "sipauth/text.hpp"

namespace sipauth {
namespace {

std::string hex_of(Hash hash, std::string_view text) {
  return std::string{hash_hex(hash, std::span{&text, 1})->view()};
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

std::string lower_of(std::string text) {
  std::ranges::transform(text, text.begin(), lower);
  return text;
}

std::string bytes_of(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

std::size_t host_at(const Hashed& hashed) {
  const auto at = hashed.uri.find('@');
  return at == std::string::npos ? hashed.uri.find(':') + 1 : at + 1;
}

// Behind the host, where a port would be.
std::size_t port_at(const Hashed& hashed) {
  return std::min(hashed.uri.find_first_of(":;", host_at(hashed)), hashed.uri.size());
}

bool has_port(const Hashed& hashed) {
  return port_at(hashed) < hashed.uri.size() && hashed.uri[port_at(hashed)] == ':';
}

bool is_session(const Hashed& hashed) { return hashed.algorithm.ends_with("-sess"); }

template <std::string Hashed::* Member>
void append(Hashed& hashed, std::string_view text) {
  (hashed.*Member).append(text);
}

// UTF-8 of U+0080 to U+00FF as Latin-1; other texts have none.
std::string latin1_of(const std::string& text) {
  std::string latin1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0xc4) return text;
    latin1 += byte < 0x80 ? text[i]
                          : static_cast<char>((byte & 3U) << 6U |
                                              (static_cast<unsigned char>(text[++i]) & 0x3fU));
  }
  return latin1;
}

std::string percent_encoded(const std::string& text) {
  std::string encoded;
  for (const char sign : text) {
    const auto c = static_cast<unsigned char>(sign);
    constexpr std::string_view digits = "0123456789ABCDEF";
    if (std::isalnum(c) != 0 || std::string_view{"-._~"}.contains(static_cast<char>(c))) {
      encoded += static_cast<char>(c);
    } else {
      encoded += '%';
      encoded += digits[c >> 4U];
      encoded += digits[c & 0xfU];
    }
  }
  return encoded;
}

// application/x-www-form-urlencoded, where there is a blank.
std::string form_encoded(const std::string& text) {
  std::string encoded;
  for (const char c : text) encoded += c == ' ' ? "+" : percent_encoded(std::string(1, c));
  return text.contains(' ') ? encoded : text;
}

std::string decimal_of(const std::string& nc, std::size_t width) {
  auto text = std::to_string(std::stoul(nc, nullptr, 16));
  if (text.size() < width) text.insert(0, width - text.size(), '0');
  return text;
}

constexpr auto table = std::to_array<Mistake>({
    {"other-method", "method",
     [](Hashed& h, const Surroundings&) { h.method = h.method == "BYE" ? "INVITE" : "BYE"; }},
    {"other-method", "method",
     [](Hashed& h, const Surroundings&) { h.method = h.method == "PRACK" ? "ACK" : "PRACK"; }},
    {"method-case", "method", [](Hashed& h, const Surroundings&) { h.method = lower_of(h.method); }},
    {"no-method", "method", [](Hashed& h, const Surroundings&) { h.method.clear(); }},
    {"uri-with-port", "uri",
     [](Hashed& h, const Surroundings&) {
       if (!has_port(h)) h.uri.insert(port_at(h), ":5060");
     }},
    {"uri-without-port", "uri",
     [](Hashed& h, const Surroundings&) {
       if (has_port(h)) h.uri.erase(port_at(h), std::min(h.uri.find(';'), h.uri.size()) - port_at(h));
     }},
    {"uri-with-parameters", "uri",
     [](Hashed& h, const Surroundings&) {
       if (!h.uri.contains(';')) h.uri += ";transport=tcp";
     }},
    {"uri-without-parameters", "uri",
     [](Hashed& h, const Surroundings&) { h.uri.resize(std::min(h.uri.find(';'), h.uri.size())); }},
    {"uri-of-host", "uri",
     [](Hashed& h, const Surroundings&) {
       if (!has_port(h) || !h.uri.contains(';')) return;
       h.uri.resize(port_at(h));
       h.uri.erase(h.uri.find(':') + 1, host_at(h) - h.uri.find(':') - 1);
     }},
    {"uri-with-user", "uri",
     [](Hashed& h, const Surroundings&) {
       if (h.uri.contains('@')) return;
       h.uri.insert(host_at(h), h.username.substr(0, h.username.find('@')) + '@');
     }},
    {"uri-without-user", "uri",
     [](Hashed& h, const Surroundings&) {
       const auto colon = h.uri.find(':') + 1;
       h.uri.erase(colon, host_at(h) - colon);
     }},
    {"uri-scheme", "uri",
     [](Hashed& h, const Surroundings&) {
       h.uri = h.uri.starts_with("sips:") ? "sip" + h.uri.substr(4) : "sips" + h.uri.substr(3);
     }},
    {"uri-without-scheme", "uri",
     [](Hashed& h, const Surroundings&) { h.uri.erase(0, h.uri.find(':') + 1); }},
    {"uri-in-brackets", "uri", [](Hashed& h, const Surroundings&) { h.uri = '<' + h.uri + '>'; }},
    {"uri-case", "uri", [](Hashed& h, const Surroundings&) { h.uri = lower_of(h.uri); }},
    {"request-uri", "uri", [](Hashed& h, const Surroundings& a) { h.uri = a.request_uri; }},
    {"uri-of-to", "uri",
     [](Hashed& h, const Surroundings&) { h.uri = "sip:4712@phones.example.org"; }},
    {"uri-of-from", "uri",
     [](Hashed& h, const Surroundings&) { h.uri = "sip:4711@phones.example.org"; }},
    {"uri-of-contact", "uri",
     [](Hashed& h, const Surroundings&) { h.uri = "sip:4713@192.0.2.7:5062;ob"; }},
    {"uri-is-from", "uri",
     [](Hashed& h, const Surroundings&) {
       h.uri = R"("Alice A" <sip:4711@phones.example.org>)";
     }},
    {"uri-is-from", "uri", [](Hashed& h, const Surroundings& a) { h.uri = a.from; }},
    {"user-with-domain", "username",
     [](Hashed& h, const Surroundings&) {
       if (!h.username.contains('@')) h.username += '@' + h.realm;
     }},
    {"user-with-domain", "username",
     [](Hashed& h, const Surroundings&) {
       if (!h.username.contains('@')) h.username += "@phones.example.org";
     }},
    {"user-without-domain", "username",
     [](Hashed& h, const Surroundings&) {
       h.username.resize(std::min(h.username.find('@'), h.username.size()));
     }},
    {"user-with-scheme", "username",
     [](Hashed& h, const Surroundings&) { h.username.insert(0, "sip:"); }},
    {"user-with-scheme", "username",
     [](Hashed& h, const Surroundings&) {
       if (!h.username.contains('@')) h.username = "sip:" + h.username + "@phones.example.org";
     }},
    {"user-case", "username",
     [](Hashed& h, const Surroundings&) { h.username = lower_of(h.username); }},
    {"user-encoded", "username",
     [](Hashed& h, const Surroundings&) { h.username = percent_encoded(h.username); }},
    {"user-backslashes", "username",
     [](Hashed& h, const Surroundings&) {
       if (const auto at = h.username.find('"'); at != std::string::npos) {
         const auto quoted = quote(h.username);
         h.username = quoted.substr(1, quoted.size() - 2);
       }
     }},
    {"user-without-quotes", "username",
     [](Hashed& h, const Surroundings&) { std::erase(h.username, '"'); }},
    {"user-of-header", "username", [](Hashed& h, const Surroundings&) { h.username = "4711"; }},
    {"user-nfc", "username",
     [](Hashed& h, const Surroundings& a) {
       if (!a.username_nfc.empty()) h.username = a.username_nfc;
     }},
    {"user-nfd", "username",
     [](Hashed& h, const Surroundings& a) {
       if (!a.username_nfd.empty()) h.username = a.username_nfd;
     }},
    {"user-latin1", "username",
     [](Hashed& h, const Surroundings&) { h.username = latin1_of(h.username); }},
    {"realm-case", "realm", [](Hashed& h, const Surroundings&) { h.realm = lower_of(h.realm); }},
    {"realm-case", "realm", [](Hashed& h, const Surroundings&) { h.realm = upper(h.realm); }},
    {"realm-of-other-challenge", "realm",
     [](Hashed& h, const Surroundings& a) { h.realm = a.realms.front(); }},
    {"realm-quotes", "realm", [](Hashed& h, const Surroundings&) { h.realm = '"' + h.realm + '"'; }},
    {"realm-of-from", "realm",
     [](Hashed& h, const Surroundings&) { h.realm = "phones.example.org"; }},
    {"password-newline", "password",
     [](Hashed& h, const Surroundings&) { append<&Hashed::password>(h, "\n"); }},
    {"password-newline", "password",
     [](Hashed& h, const Surroundings&) { append<&Hashed::password>(h, "\r"); }},
    {"password-space", "password",
     [](Hashed& h, const Surroundings&) { append<&Hashed::password>(h, " "); }},
    {"password-latin1", "password",
     [](Hashed& h, const Surroundings&) { h.password = latin1_of(h.password); }},
    {"password-nfc", "password",
     [](Hashed& h, const Surroundings& a) {
       if (!a.password_nfc.empty()) h.password = a.password_nfc;
     }},
    {"password-nfd", "password",
     [](Hashed& h, const Surroundings& a) {
       if (!a.password_nfd.empty()) h.password = a.password_nfd;
     }},
    {"password-encoded", "password",
     [](Hashed& h, const Surroundings&) { h.password = percent_encoded(h.password); }},
    {"password-encoded", "password",
     [](Hashed& h, const Surroundings&) { h.password = form_encoded(h.password); }},
    {"ha1-as-password", "password",
     [](Hashed& h, const Surroundings&) {
       h.password = hex_of(find_algorithm(h.algorithm)->hash,
                           h.username + ':' + h.realm + ':' + h.password);
     }},
    {"ha1-as-password", "password",
     [](Hashed& h, const Surroundings& a) {
       h.password = hex_of(find_algorithm(h.algorithm)->hash,
                           h.username + ':' + std::string{a.realms.front()} + ':' + h.password);
     }},
    {"password-empty", "password", [](Hashed& h, const Surroundings&) { h.password.clear(); }},
    {"other-nonce", "nonce",
     [](Hashed& h, const Surroundings& a) { h.nonce = a.nonces.front(); }},
    {"nonce-backslashes", "nonce",
     [](Hashed& h, const Surroundings&) { h.nonce = unquote(h.nonce); }},
    {"nonce-cut", "nonce",
     [](Hashed& h, const Surroundings&) {
       h.nonce.resize(std::min(h.nonce.find('='), h.nonce.size()));
     }},
    {"qop-ignored", "qop",
     [](Hashed& h, const Surroundings&) {
       h.qop.clear();
       h.with_body = false;
     }},
    {"other-qop", "qop",
     [](Hashed& h, const Surroundings&) {
       h.with_body = h.qop == "auth";
       h.qop = h.qop == "auth" ? "auth-int" : "auth";
     }},
    {"qop-list", "qop", [](Hashed& h, const Surroundings&) { h.qop = "auth,auth-int"; }},
    {"nc-decimal", "nc", [](Hashed& h, const Surroundings&) { h.nc = decimal_of(h.nc, 8); }},
    {"nc-zeros", "nc",
     [](Hashed& h, const Surroundings&) { h.nc.erase(0, h.nc.find_first_not_of('0')); }},
    {"nc-first", "nc", [](Hashed& h, const Surroundings&) { h.nc = "00000001"; }},
    {"other-cnonce", "cnonce",
     [](Hashed& h, const Surroundings& a) { h.cnonce = a.cnonces.front(); }},
    {"session-cnonce", "cnonce",
     [](Hashed& h, const Surroundings& a) {
       if (is_session(h)) h.session_cnonce = a.cnonces.front();
     }},
    {"binary-session", "algorithm",
     [](Hashed& h, const Surroundings&) { h.binary_session = is_session(h); }},
    {"plain-instead-of-session", "algorithm",
     [](Hashed& h, const Surroundings&) {
       if (is_session(h)) h.algorithm.resize(h.algorithm.size() - 5);
     }},
    {"session-instead-of-plain", "algorithm",
     [](Hashed& h, const Surroundings&) {
       if (!is_session(h)) h.algorithm += "-sess";
     }},
    {"other-algorithm", "algorithm",
     [](Hashed& h, const Surroundings&) { h.algorithm = h.algorithm.starts_with("MD5") ? "SHA-256" : "MD5"; }},
    {"body-ignored", "body",
     [](Hashed& h, const Surroundings&) {
       if (h.with_body) h.body.clear();
     }},
    {"body-lines", "body",
     [](Hashed& h, const Surroundings&) {
       if (h.with_body) std::erase(h.body, '\r');
     }},
    {"upper-case-ha1", "ha1", [](Hashed& h, const Surroundings&) { h.upper_ha1 = true; }},
});

}  // namespace

std::string Hashed::response() const {
  const auto* row = find_algorithm(algorithm);
  const Hash hash = row->hash;
  auto ha1 = hex_of(hash, username + ':' + realm + ':' + password);
  if (row->session) {
    ha1 = hex_of(hash, (binary_session ? bytes_of(ha1) : ha1) + ':' + nonce + ':' +
                           (session_cnonce.empty() ? cnonce : session_cnonce));
  }
  if (upper_ha1) ha1 = upper(ha1);
  const auto a2 = method + ':' + uri + (with_body ? ':' + hex_of(hash, body) : "");
  const auto counted = qop.empty() ? "" : nc + ':' + cnonce + ':' + qop + ':';
  return hex_of(hash, ha1 + ':' + nonce + ':' + counted + hex_of(hash, a2));
}

DigestInput Hashed::input() const {
  return {.algorithm = find_algorithm(algorithm),
          .qop = qop.empty()     ? Qop::none
                 : qop == "auth" ? Qop::auth
                                 : Qop::auth_int,
          .username = username,
          .realm = realm,
          .password = password,
          .method = method,
          .uri = uri,
          .nonce = nonce,
          .nc = nc,
          .cnonce = cnonce,
          .body = body};
}

ExplainContext Surroundings::context() const {
  ExplainContext context;
  context.request_uri = request_uri;
  context.from = from;
  context.to = to;
  context.contact = contact;
  context.realms = realms;
  context.nonces = nonces;
  context.cnonces = cnonces;
  context.username_nfc = username_nfc;
  context.username_nfd = username_nfd;
  context.password_nfc = password_nfc;
  context.password_nfd = password_nfd;
  return context;
}

std::span<const Mistake> mistakes() { return table; }

}  // namespace sipauth
