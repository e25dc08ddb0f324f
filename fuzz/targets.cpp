#include "fuzz/targets.hpp"

#include <algorithm>
#include <array>

#include "fuzz/aka_target.hpp"
#include "fuzz/auth_targets.hpp"
#include "fuzz/capture_targets.hpp"
#include "fuzz/challenge_list_target.hpp"
#include "fuzz/dictionary.hpp"
#ifdef SIPAUTH_DIFFERENTIAL
#include "fuzz/differential.hpp"
#endif
#include "fuzz/digest_target.hpp"
#include "fuzz/escape_target.hpp"
#include "fuzz/explain_target.hpp"
#include "fuzz/message_targets.hpp"
#include "fuzz/stream_target.hpp"
#include "fuzz/trace_target.hpp"
#include "fuzz/value_targets.hpp"

namespace sipauth::fuzz {
namespace {

constexpr auto all_targets = std::to_array<Target>({
    {"challenge", "WWW-Authenticate: read, written, read again", challenge, challenge_mutations,
     auth_words},
    {"challenge_list", "All challenges of a 401, row by row", challenge_list, challenge_mutations,
     auth_words},
    {"credentials", "Authorization: read, written, read again", credentials, credentials_mutations,
     auth_words},
    {"authentication_info", "Authentication-Info: read, written, read again", authentication_info,
     authentication_info_mutations, auth_words},
    {"digest_end_to_end", "A challenge, answered, and the answer verified", digest_end_to_end,
     challenge_mutations, auth_words},
    {"aka", "An AKA nonce, answered by a card and its network", aka, nullptr, auth_words},
    {"explain", "An explanation of a mismatch reproduces the response", explain, nullptr,
     auth_words},
    {"start_line", "A start line, held against the letter of its grammar", start_line, nullptr,
     message_words},
    {"message_udp", "A datagram: read, written, read again", message_udp, message_mutations,
     message_words},
    {"message_stream", "A stream, however it trickles, gives the same messages", message_stream,
     message_mutations, message_words},
    {"lint", "Whatever is pasted: diagnostics lie in the text", lint, message_mutations,
     message_words},
    {"trace", "A pasted trace: every byte of a message has its place", trace, message_mutations,
     message_words},
    {"uri", "A URI: read, written, read again", uri, uri_mutations, uri_words},
    {"name_addr", "From, To, Contact: every address of a list", name_addr, name_addr_mutations,
     name_addr_words},
    {"via", "Via: every hop of a list", via, via_mutations, via_words},
    {"cseq", "CSeq: its number and its method", cseq, cseq_mutations, cseq_words},
    {"escape", "What a peer wrote is harmless where it is shown", escape},
    {"pcapng", "A capture file, however it is cut, gives the same packets", pcapng, nullptr,
     capture_words},
    {"flow", "Messages of a stream: attempts and findings are sound", flow, nullptr, message_words},
#ifdef SIPAUTH_DIFFERENTIAL
    {"differential_challenge", "WWW-Authenticate, as libosip2, Sofia-SIP and libre read it",
     differential_challenge, challenge_mutations, auth_words},
    {"differential_credentials", "Authorization, as libosip2, Sofia-SIP and libre read it",
     differential_credentials, credentials_mutations, auth_words},
#endif
});

#ifdef SIPAUTH_FUZZ_TARGET
// A program of one target: the linker leaves out what the others need.
constexpr std::array<Target, 1> registry{
    *std::ranges::find(all_targets, std::string_view{SIPAUTH_FUZZ_TARGET}, &Target::name)};
#else
constexpr const auto& registry = all_targets;
#endif

}  // namespace

std::span<const Target> targets() noexcept { return registry; }

const Target* find_target(std::string_view name) noexcept {
  const auto* found = std::ranges::find(registry, name, &Target::name);
  return found == registry.end() ? nullptr : found;
}

}  // namespace sipauth::fuzz
