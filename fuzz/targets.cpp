#include "fuzz/targets.hpp"

#include <algorithm>
#include <array>

#include "fuzz/aka_target.hpp"
#include "fuzz/auth_targets.hpp"
#include "fuzz/challenge_list_target.hpp"
#include "fuzz/digest_target.hpp"
#include "fuzz/escape_target.hpp"
#include "fuzz/message_targets.hpp"
#include "fuzz/stream_target.hpp"
#include "fuzz/value_targets.hpp"

namespace sipauth::fuzz {
namespace {

constexpr auto registry = std::to_array<Target>({
    {"challenge", "WWW-Authenticate: read, written, read again", challenge, challenge_mutations},
    {"challenge_list", "All challenges of a 401, row by row", challenge_list, challenge_mutations},
    {"credentials", "Authorization: read, written, read again", credentials, credentials_mutations},
    {"authentication_info", "Authentication-Info: read, written, read again", authentication_info},
    {"digest_end_to_end", "A challenge, answered, and the answer verified", digest_end_to_end,
     challenge_mutations},
    {"aka", "An AKA nonce, answered by a card and its network", aka},
    {"start_line", "A start line, held against the letter of its grammar", start_line},
    {"message_udp", "A datagram: read, written, read again", message_udp, message_mutations},
    {"message_stream", "A stream, however it trickles, gives the same messages", message_stream,
     message_mutations},
    {"lint", "Whatever is pasted: diagnostics lie in the text", lint, message_mutations},
    {"uri", "A URI: read, written, read again", uri},
    {"name_addr", "From, To, Contact: every address of a list", name_addr},
    {"via", "Via: every hop of a list", via},
    {"cseq", "CSeq: its number and its method", cseq},
    {"escape", "What a peer wrote is harmless where it is shown", escape},
});

}  // namespace

std::span<const Target> targets() noexcept { return registry; }

const Target* find_target(std::string_view name) noexcept {
  const auto* found = std::ranges::find(registry, name, &Target::name);
  return found == registry.end() ? nullptr : found;
}

}  // namespace sipauth::fuzz
