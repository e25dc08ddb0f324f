#include "capture/capture_reader.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "capture/walker.hpp"

namespace sipauth::capture {
namespace {

constexpr std::size_t beginning_bytes = 64;
constexpr std::size_t chunk = 1U << 20U;

// The bytes that were read and not consumed; it grows to the longest block there is.
class Window {
 public:
  explicit Window(std::string_view beginning) : bytes_(chunk), end_{beginning.size()} {
    std::ranges::copy(beginning, bytes_.begin());
  }

  [[nodiscard]] std::string_view view() const { return {bytes_.data() + begin_, end_ - begin_}; }
  void consume(std::size_t count) { begin_ += count; }

  /// False at the end of the file.
  std::expected<bool, std::string> fill(const InputFile& file, std::size_t needed) {
    std::copy(bytes_.begin() + static_cast<std::ptrdiff_t>(begin_),
              bytes_.begin() + static_cast<std::ptrdiff_t>(end_), bytes_.begin());
    end_ -= begin_;
    begin_ = 0;
    if (needed > bytes_.size()) bytes_.resize(needed);
    const auto got = file.read(bytes_.data() + end_, bytes_.size() - end_);
    if (!got) return std::unexpected{got.error()};
    end_ += *got;
    return *got > 0;
  }

 private:
  std::vector<char> bytes_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace

std::expected<InputFile, std::string> InputFile::open(const std::string& file) {
  if (file == "-") return InputFile{"standard input", STDIN_FILENO, false};
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) {
    return std::unexpected{"Cannot read " + file + ": " + std::strerror(errno) + '.'};
  }
  return InputFile{file, descriptor, true};
}

InputFile::InputFile(InputFile&& other) noexcept
    : name_{std::move(other.name_)},
      descriptor_{other.descriptor_},
      owned_{std::exchange(other.owned_, false)} {}

InputFile::~InputFile() {
  if (owned_) ::close(descriptor_);
}

std::expected<std::size_t, std::string> InputFile::read(char* into, std::size_t size) const {
  while (true) {
    const auto got = ::read(descriptor_, into, size);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno == EINTR) continue;
    return std::unexpected{"Cannot read " + name_ + ": " + std::strerror(errno) + '.'};
  }
}

std::expected<std::string, std::string> read_beginning(const InputFile& file) {
  std::string bytes(beginning_bytes, '\0');
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const auto got = file.read(bytes.data() + filled, bytes.size() - filled);
    if (!got) return std::unexpected{got.error()};
    if (*got == 0) break;
    filled += *got;
  }
  bytes.resize(filled);
  return bytes;
}

std::expected<ReadFacts, std::string> read_capture(
    const InputFile& file, std::string_view beginning,
    const std::function<void(const Packet&)>& visit) {
  CaptureWalker walker;
  Window window{beginning};
  ReadFacts facts;
  while (true) {
    const auto step = walker.next(window.view());
    if (step.kind == CaptureWalker::Step::Kind::damaged) {
      facts.damage = walker.damage();
      break;
    }
    if (step.kind == CaptureWalker::Step::Kind::more) {
      const auto filled = window.fill(file, step.needed);
      if (!filled) return std::unexpected{filled.error()};
      if (*filled) continue;
      if (!window.view().empty()) facts.damage = "it ends within a packet";
      break;
    }
    if (step.kind == CaptureWalker::Step::Kind::packet) visit(step.packet);
    window.consume(step.consumed);
    facts.bytes += step.consumed;
  }
  facts.bad_packets = walker.bad_packets();
  facts.has_tls_keys = walker.has_tls_keys();
  return facts;
}

}  // namespace sipauth::capture
