#include "commands/input.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "results/escape.hpp"
#include "sipauth/secret.hpp"

namespace sipauth::commands {
namespace {

constexpr int not_open = -1;

// What is read from: a descriptor of ours, or standard input, which stays open.
class Source {
 public:
  explicit Source(const std::string& file)
      : name_{file == "-" ? "standard input" : results::for_terminal(file)},
        owned_{file != "-"},
        descriptor_{owned_ ? ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY) : STDIN_FILENO} {
  }
  ~Source() {
    if (owned_ && is_open()) ::close(descriptor_);
  }
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  bool is_open() const { return descriptor_ != not_open; }

  std::unexpected<std::string> error() const {
    return std::unexpected{fmt::format("Cannot read {}: {}.", name_, std::strerror(errno))};
  }

  std::expected<std::string, std::string> read(std::size_t most) const {
    // One byte more than there should be, so that the end is seen; and never so few that the text
    // stood in the string itself and moved with it.
    constexpr std::size_t least = 64;
    std::string bytes(std::max(expected_size(most) + 1, least), '\0');
    std::size_t filled = 0;
    while (true) {
      if (filled == bytes.size()) {
        if (filled > most) break;
        grow(bytes, most + 1);
      }
      const auto got = ::read(descriptor_, bytes.data() + filled, bytes.size() - filled);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return error();
      if (got == 0) break;
      filled += static_cast<std::size_t>(got);
    }
    if (filled > most) {
      return std::unexpected{fmt::format("{} is longer than {} bytes.", name_, most)};
    }
    bytes.resize(filled);
    return bytes;
  }

  bool others_can_read() const {
    struct stat facts{};
    return owned_ && ::fstat(descriptor_, &facts) == 0 && S_ISREG(facts.st_mode) &&
           (facts.st_mode & (S_IRGRP | S_IROTH)) != 0;
  }

  const std::string& name() const { return name_; }

 private:
  // Of a file, what it tells; a pipe, or a file of /proc, tells nothing.
  std::size_t expected_size(std::size_t most) const {
    struct stat facts{};
    const bool tells =
        ::fstat(descriptor_, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_size > 0;
    return tells ? std::min(static_cast<std::size_t>(facts.st_size), most) : most;
  }

  // Of a file that grew meanwhile, which may hold a secret.
  static void grow(std::string& bytes, std::size_t size) {
    std::string larger(size, '\0');
    std::ranges::copy(bytes, larger.begin());
    wipe_memory(bytes.data(), bytes.size());
    bytes = std::move(larger);
  }

  std::string name_;
  bool owned_;
  int descriptor_;
};

}  // namespace

std::expected<std::string, std::string> read_input(const std::string& file, std::size_t most) {
  const Source source{file};
  if (!source.is_open()) return source.error();
  return source.read(most);
}

std::optional<std::string> utf16_error(std::string_view name, std::string_view text) {
  // Its byte order mark, which no UTF-8 has.
  if (!text.starts_with("\xff\xfe") && !text.starts_with("\xfe\xff")) return std::nullopt;
  return fmt::format(
      "{} is UTF-16, as PowerShell writes it behind `>`: save it as UTF-8, by "
      "`| Out-File -Encoding utf8` there or by `iconv -f UTF-16 -t UTF-8` here.",
      name);
}

std::expected<std::string, std::string> read_text_input(const std::string& file, std::size_t most) {
  const Source source{file};
  if (!source.is_open()) return source.error();
  auto text = source.read(most);
  if (!text) return text;
  if (auto error = utf16_error(source.name(), *text)) return std::unexpected{*std::move(error)};
  return text;
}

std::expected<std::string, std::string> read_private_input(const std::string& file,
                                                           std::size_t most) {
  const Source source{file};
  if (!source.is_open()) return source.error();
  if (source.others_can_read()) {
    return std::unexpected{
        fmt::format("Others can read {0}: chmod 600 {0}, then try again.", source.name())};
  }
  return source.read(most);
}

}  // namespace sipauth::commands
