// Other spellings of the digest's uri that clients are known to hash.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sipauth/explain.hpp"

namespace sipauth::explain {

using Spellings = std::vector<std::string>;

// Each gives the spellings that differ as its name says; none where that is impossible, as for a
// text that is no URI of SIP.
[[nodiscard]] Spellings uri_with_port(const DigestInput& input, const ExplainContext& context);
[[nodiscard]] Spellings uri_without_port(const DigestInput& input, const ExplainContext& context);
[[nodiscard]] Spellings uri_of_host(const DigestInput& input, const ExplainContext& context);
[[nodiscard]] Spellings uri_with_parameters(const DigestInput& input,
                                            const ExplainContext& context);
[[nodiscard]] Spellings uri_without_parameters(const DigestInput& input,
                                               const ExplainContext& context);
[[nodiscard]] Spellings uri_with_user(const DigestInput& input, const ExplainContext& context);
[[nodiscard]] Spellings uri_without_user(const DigestInput& input, const ExplainContext& context);
[[nodiscard]] Spellings uri_with_host(const DigestInput& input, const ExplainContext& context);
[[nodiscard]] Spellings uri_scheme(const DigestInput& input, const ExplainContext& context);
[[nodiscard]] Spellings uri_with_scheme(const DigestInput& input, const ExplainContext& context);
[[nodiscard]] Spellings uri_without_scheme(const DigestInput& input, const ExplainContext& context);
[[nodiscard]] Spellings uri_in_brackets(const DigestInput& input, const ExplainContext& context);
[[nodiscard]] Spellings uri_without_brackets(const DigestInput& input,
                                             const ExplainContext& context);
[[nodiscard]] Spellings uri_in_quotes(const DigestInput& input, const ExplainContext& context);
[[nodiscard]] Spellings uri_case(const DigestInput& input, const ExplainContext& context);
[[nodiscard]] Spellings uri_decoded(const DigestInput& input, const ExplainContext& context);
[[nodiscard]] Spellings uri_encoded(const DigestInput& input, const ExplainContext& context);
[[nodiscard]] Spellings uri_space(const DigestInput& input, const ExplainContext& context);

}  // namespace sipauth::explain
