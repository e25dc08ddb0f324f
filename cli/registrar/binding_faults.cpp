#include <array>

#include "registrar/fault_tables.hpp"

namespace sipauth::registrar {
namespace {

void bind(Profile& profile, std::uint8_t bound_to, Reply to_others) {
  profile.nonce.bound_to |= bound_to;
  profile.on.misbound = either(to_others);
}

void inform(Profile& profile, AuthInfo how) { profile.auth_info = how; }

constexpr auto faults_of_binding = std::to_array<Fault>({
    {"forbid-other-call", "403 to the nonce of another Call-ID",
     [](Profile& p) { bind(p, bound::call_id, reply::forbidden); }},
    {"forbid-other-user", "403 to the nonce of another user",
     [](Profile& p) { bind(p, bound::from_user, reply::forbidden); }},
    {"forbid-other-port", "403 to a nonce that another port was given",
     [](Profile& p) { bind(p, bound::source_port, reply::forbidden); }},
    {"forbid-other-address", "403 to a nonce that another address was given",
     [](Profile& p) { bind(p, bound::source, reply::forbidden); }},
    {"silent-other-address", "no answer to a nonce that another address was given",
     [](Profile& p) { bind(p, bound::source, reply::silence); }},
    {"forbid-other-transport", "403 to a nonce that came over another transport",
     [](Profile& p) { bind(p, bound::transport, reply::forbidden); }},
    {"nonce-no-secret", "nonces of a time and its hash, which everybody can compute",
     [](Profile& p) {
       p.nonce.format = NonceFormat::time_colon_md5;
       p.nonce.bound_to = 0;
       p.nonce.has_secret = false;
     }},
    {"nonce-counter", "nonces that count up",
     [](Profile& p) { p.nonce.format = NonceFormat::counter; }},
    {"nonce-slides", "each use makes a nonce live on as long as a new one",
     [](Profile& p) { p.nonce.sliding = true; }},
    {"used-dies-early", "a nonce that was used once dies at 20 s",
     [](Profile& p) { p.nonce.used_lifetime = std::chrono::seconds{20}; }},
    {"authinfo-other-cnonce", "Authentication-Info with another cnonce than the request's",
     [](Profile& p) { inform(p, AuthInfo::other_cnonce); }},
    {"authinfo-quoted", "Authentication-Info with quotes round qop and nc",
     [](Profile& p) { inform(p, AuthInfo::quoted_count); }},
    {"authinfo-no-nc", "Authentication-Info without nc",
     [](Profile& p) { inform(p, AuthInfo::no_count); }},
    {"authinfo-no-qop", "Authentication-Info without qop",
     [](Profile& p) { inform(p, AuthInfo::no_qop); }},
    {"authinfo-on-401", "Authentication-Info in a 401",
     [](Profile& p) { p.auth_info_on_refusal = true; }},
    {"nextnonce-only", "nothing but a nextnonce in Authentication-Info",
     [](Profile& p) { inform(p, AuthInfo::next_nonce_only); }},
    {"nextnonce-dead", "a nextnonce that the registrar does not know",
     [](Profile& p) { inform(p, AuthInfo::dead_next_nonce); }},
});

}  // namespace

std::span<const Fault> binding_faults() { return faults_of_binding; }

}  // namespace sipauth::registrar
