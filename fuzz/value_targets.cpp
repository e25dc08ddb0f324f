#include "fuzz/value_targets.hpp"

#include <algorithm>
#include <string>

#include "fuzz/oracle.hpp"
#include "sipauth/address.hpp"
#include "sipauth/limits.hpp"
#include "sipauth/text.hpp"

namespace sipauth::fuzz {
namespace {

// What was read without a word of reproach, written from its parts, is read the same.
template <typename Value>
Value read_again(const ExactCopy& text, const Diagnostics& before) {
  Diagnostics diagnostics;
  auto again = Value::parse(text.view(), diagnostics);
  require(again.has_value(), "what was written can be read");
  require(gravest(diagnostics) <= gravest(before),
          "what was written is no worse than what was read");
  return *again;
}

// Reads all values of a list, each of which must leave less.
template <typename Value>
void read_all(std::string_view input, auto require_parts) {
  std::string_view rest = input;
  do {
    Diagnostics diagnostics;
    const auto value = without_allocating([&] { return Value::parse(rest, diagnostics); });
    require_within(diagnostics, rest);
    if (!value) {
      require_within(value.error(), rest);
      return;
    }
    require_parts(*value, rest, diagnostics);
    require(lies_in(value->rest, rest) && value->rest.size() < rest.size(), "less is left");
    rest = value->rest;
  } while (!rest.empty());
}

void require_parts_of_uri(const Uri& uri, std::string_view text) {
  for (const auto part :
       {uri.scheme_name, uri.user, uri.password, uri.host, uri.parameters, uri.headers, uri.text}) {
    require(lies_in(part, text), "a part of a URI lies in the text");
  }
  require(!uri.scheme_name.empty(), "a URI has a scheme");
}

void require_same_uri(const Uri& uri, const Uri& again) {
  require(again.scheme == uri.scheme && again.user == uri.user && again.password == uri.password &&
              again.host == uri.host && again.port == uri.port &&
              again.parameters == uri.parameters && again.headers == uri.headers,
          "a URI is read the same");
}

std::string written(const Uri& uri) {
  std::string text{uri.scheme_name};
  text += ':';
  text += uri.user;
  if (uri.scheme != Uri::Scheme::tel) {
    if (uri.password.data() != nullptr) text.append(":").append(uri.password);
    if (!uri.user.empty()) text += '@';
    text += uri.host;
    if (uri.port) text.append(":").append(std::to_string(*uri.port));
  }
  text += uri.parameters;
  if (uri.headers.data() != nullptr) text.append("?").append(uri.headers);
  return text;
}

std::string written(const NameAddr& address) {
  if (address.is_wildcard) return std::string{"*"}.append(address.parameters);
  std::string text{address.display_name};
  text.append("<").append(address.uri.text).append(">").append(address.parameters);
  return text;
}

std::string written(const Via& via) {
  std::string text{via.protocol};
  text.append("/").append(via.transport).append(" ").append(via.host);
  if (via.port) text.append(":").append(std::to_string(*via.port));
  text += via.parameters;
  return text;
}

}  // namespace

void uri(std::string_view input) {
  Diagnostics diagnostics;
  const auto read = without_allocating([&] { return Uri::parse(input, diagnostics); });
  require_within(diagnostics, input);
  if (!read) {
    require_within(read.error(), input);
    return;
  }
  require_parts_of_uri(*read, input);
  if (!is_due_for_costly_claims(input)) return;

  const ExactCopy own{read->text};
  Diagnostics unused;
  const auto again = Uri::parse(own.view(), unused);
  require(again.has_value(), "the text of a URI can be read");
  require_same_uri(*read, *again);
  if (read->scheme == Uri::Scheme::other || gravest(diagnostics) == Severity::error) return;
  require_same_uri(*read, read_again<Uri>(ExactCopy{written(*read)}, diagnostics));
}

void name_addr(std::string_view input) {
  const bool is_due = is_due_for_costly_claims(input);
  read_all<NameAddr>(
      input, [&](const NameAddr& address, std::string_view text, const Diagnostics& diagnostics) {
        require(lies_in(address.display_name, text) && lies_in(address.parameters, text),
                "a part of an address lies in the text");
        if (!address.is_wildcard) require_parts_of_uri(address.uri, text);
        if (!is_due || gravest(diagnostics) == Severity::error) return;

        const ExactCopy copy{written(address)};
        const auto again = read_again<NameAddr>(copy, diagnostics);
        require(again.is_wildcard == address.is_wildcard &&
                    again.display_name == address.display_name &&
                    again.parameters == address.parameters && again.tag() == address.tag() &&
                    again.rest.empty(),
                "an address is read the same");
        require_same_uri(address.uri, again.uri);
      });
}

void via(std::string_view input) {
  const bool is_due = is_due_for_costly_claims(input);
  read_all<Via>(input, [&](const Via& via, std::string_view text, const Diagnostics& diagnostics) {
    for (const auto part : {via.protocol, via.transport, via.host, via.parameters}) {
      require(lies_in(part, text), "a part of a Via lies in the text");
    }
    require(!via.branch() || lies_in(*via.branch(), via.parameters),
            "the branch lies in the parameters");
    if (!is_due || gravest(diagnostics) == Severity::error) return;

    const ExactCopy copy{written(via)};
    const auto again = read_again<Via>(copy, diagnostics);
    require(again.protocol == via.protocol && again.transport == via.transport &&
                again.host == via.host && again.port == via.port &&
                again.parameters == via.parameters && again.branch() == via.branch() &&
                again.rest.empty(),
            "a Via is read the same");
  });
}

void cseq(std::string_view input) {
  Diagnostics diagnostics;
  const auto read = without_allocating([&] { return CSeq::parse(input, diagnostics); });
  require_within(diagnostics, input);
  if (!read) {
    require_within(read.error(), input);
    return;
  }
  require(lies_in(read->method, input), "the method lies in the text");
  require((read->number <= limits::cseq) != diagnostics.has("SL-cseq-range"),
          "a number out of its range is reported, and no other");
  require(is_token(read->method) != diagnostics.has("SL-method"),
          "a method that is none is reported, and no other");
  if (gravest(diagnostics) == Severity::error) return;
  const ExactCopy copy{std::to_string(read->number).append(" ").append(read->method)};
  const auto again = read_again<CSeq>(copy, diagnostics);
  require(again.number == read->number && again.method == read->method, "a CSeq is read the same");
}

}  // namespace sipauth::fuzz
