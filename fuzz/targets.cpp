#include "fuzz/targets.hpp"

#include <algorithm>
#include <array>

#include "fuzz/auth_targets.hpp"
#include "fuzz/capture_targets.hpp"
#include "fuzz/digest_target.hpp"
#include "fuzz/escape_target.hpp"
#include "fuzz/explain_target.hpp"
#include "fuzz/message_targets.hpp"

namespace sipauth::fuzz {
namespace {

constexpr auto registry = std::to_array<Target>({
    {"challenge", "WWW-Authenticate: read, written, read again", challenge},
    {"credentials", "Authorization: read, written, read again", credentials},
    {"authentication_info", "Authentication-Info: read, written, read again", authentication_info},
    {"digest_end_to_end", "A challenge, answered, and the answer verified", digest_end_to_end},
    {"explain", "An explanation of a mismatch reproduces the response", explain},
    {"message", "A whole message: read, written, read again", message},
    {"framer", "A stream, however it trickles, gives the same messages", framer},
    {"lint", "Whatever is pasted: diagnostics lie in the text", lint},
    {"uri", "A URI is read the same from its own text", uri},
    {"name_addr", "From, To, Contact: every address of a list", name_addr},
    {"via", "Via: every hop of a list", via},
    {"cseq", "CSeq: its number and its method", cseq},
    {"escape", "What a peer wrote is harmless where it is shown", escape},
    {"pcapng", "A capture file, however it is cut, gives the same packets", pcapng},
    {"flow", "Messages of a stream: attempts and findings are sound", flow},
});

}  // namespace

std::span<const Target> targets() noexcept { return registry; }

const Target* find_target(std::string_view name) noexcept {
  const auto* found = std::ranges::find(registry, name, &Target::name);
  return found == registry.end() ? nullptr : found;
}

}  // namespace sipauth::fuzz
