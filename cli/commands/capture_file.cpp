#include "commands/capture_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "results/escape.hpp"

namespace sipauth::commands {
namespace {

constexpr int closed = -1;
constexpr mode_t owner_alone = S_IRUSR | S_IWUSR;

}  // namespace

std::expected<CaptureFile, std::string> CaptureFile::create(const std::string& file,
                                                            bool show_secrets) {
  auto name = results::for_terminal(file);
  const int descriptor =
      ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, owner_alone);
  if (descriptor == closed) {
    return std::unexpected{fmt::format("Cannot write {}: {}.", name, std::strerror(errno))};
  }
  CaptureFile capture{std::move(name), descriptor, show_secrets};
  // One that was there may have been open to others.
  struct stat facts{};
  if (::fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode) &&
      ::fchmod(descriptor, owner_alone) != 0) {
    return std::unexpected{
        fmt::format("Cannot keep {} from others: {}.", capture.name_, std::strerror(errno))};
  }
  capture.write(results::Pcapng::beginning());
  if (!capture.failure_.empty()) return std::unexpected{std::move(capture.failure_)};
  return capture;
}

CaptureFile::CaptureFile(CaptureFile&& other) noexcept
    : name_{std::move(other.name_)},
      descriptor_{std::exchange(other.descriptor_, closed)},
      pcapng_{std::move(other.pcapng_)},
      failure_{std::move(other.failure_)} {}

CaptureFile::~CaptureFile() {
  if (descriptor_ != closed) ::close(descriptor_);
}

void CaptureFile::add(const sip::RecordedMessage& message) {
  if (failure_.empty()) write(pcapng_.packets(message));
}

void CaptureFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      failure_ = fmt::format("Cannot write {}: {}.", name_, std::strerror(errno));
      return;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace sipauth::commands
