// Second ways to the registrar of a run: another source, transport or server.
#pragma once

#include <functional>
#include <optional>

#include "commands/route.hpp"
#include "net/target.hpp"
#include "registrar/registrar.hpp"
#include "sip/session.hpp"

namespace sipauth::commands {

using ConnectAnother = std::function<std::expected<std::unique_ptr<net::Transport>, net::NetError>(
    const sip::AnotherWay&)>;

/// Beside a route to a real server, which outlives the function. `second` is that of
/// --second-target.
[[nodiscard]] ConnectAnother another_way(const Route& route, std::optional<net::Target> second);

/// Beside a built-in registrar, likewise. Its second target is another registrar of the same
/// profile, which knows nothing of the nonces of the first.
[[nodiscard]] ConnectAnother another_builtin_way(const net::Transport& first,
                                                 registrar::Profile profile, std::uint64_t seed);

}  // namespace sipauth::commands
