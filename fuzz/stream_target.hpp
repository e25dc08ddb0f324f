// Messages on a stream, however it trickles.
#pragma once

#include <string_view>

namespace sipauth::fuzz {

/// The last byte 0xff of `input`, which no SIP message needs, ends the stream; each byte behind it
/// is the length of a piece, over and over (0 is 256; of long streams a multiple). Without one all
/// of it is the stream.
void message_stream(std::string_view input);

}  // namespace sipauth::fuzz
