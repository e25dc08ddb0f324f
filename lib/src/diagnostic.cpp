#include "sipauth/diagnostic.hpp"

#include <utility>

namespace sipauth {

std::string_view ParseError::sentence() const noexcept {
  switch (kind) {
    case Kind::empty:
      return "There is nothing to read here.";
    case Kind::too_long:
      return "This is longer than a message may be.";
    case Kind::not_sip:
      return "The first line is neither `METHOD URI SIP/2.0` nor `SIP/2.0 STATUS REASON`.";
    case Kind::truncated:
      return "The text ends before its first header is complete.";
    case Kind::too_many_headers:
      return "The message has more than 256 header rows, which no real message has.";
    case Kind::too_many_parameters:
      return "The header has more parameters than any known peer sends.";
    case Kind::too_many_challenges:
      return "The message has more challenges than any known server sends.";
    case Kind::not_a_scheme:
      return "An authentication scheme such as Digest must stand here.";
    case Kind::not_a_uri:
      return "A URI with its scheme, such as sip:alice@example.com, must stand here.";
    case Kind::not_an_address:
      return "An address such as \"Alice\" <sip:alice@example.com> must stand here.";
    case Kind::not_a_via:
      return "A Via such as SIP/2.0/UDP host:5060;branch=z9hG4bK1 must stand here.";
    case Kind::not_a_cseq:
      return "A CSeq is a number, a blank and a method, such as 4711 REGISTER.";
    case Kind::not_a_number:
      return "A decimal number in the range of this header must stand here.";
    case Kind::body_too_long:
      return "Content-Length announces a body longer than is read.";
    case Kind::bad_content_length:
      return "A message on a stream needs exactly one Content-Length, a decimal number: without it "
             "nobody can tell where the next message begins.";
  }
  std::unreachable();
}

}  // namespace sipauth
