#include "commands/normal_form.hpp"

#include <dlfcn.h>
#include <sys/types.h>

#include <algorithm>
#include <vector>

#include "sipauth/secret.hpp"
#include "sipauth/text.hpp"

namespace sipauth::commands {
namespace {

// Of utf8proc.h, whose ABI is what is used here.
enum Utf8procOption : std::uint8_t { stable = 1U << 1U, compose = 1U << 3U, decompose = 1U << 4U };

class Library {
 public:
  // Opened once per process and never closed.
  static const Library& get() {
    static const Library library;
    return library;
  }

  bool is_open() const { return utf8proc_decompose != nullptr && utf8proc_reencode != nullptr; }

  ssize_t (*utf8proc_decompose)(const std::uint8_t*, ssize_t, std::int32_t*, ssize_t,
                                int) = nullptr;
  ssize_t (*utf8proc_reencode)(std::int32_t*, ssize_t, int) = nullptr;

 private:
  Library() {
    void* const handle = dlopen("libutf8proc.so.2", RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) return;
    load(handle, "utf8proc_decompose", utf8proc_decompose);
    load(handle, "utf8proc_reencode", utf8proc_reencode);
  }

  template <typename Function>
  static void load(void* handle, const char* name, Function& function) {
    function = reinterpret_cast<Function>(dlsym(handle, name));
  }
};

// A character has at most four of them when it is decomposed canonically (Unicode 15).
constexpr std::size_t max_decomposition = 4;

}  // namespace

bool is_ascii(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool has_normal_forms() { return Library::get().is_open(); }

std::optional<std::string> normal_form(std::string_view text, NormalForm form) {
  if (is_ascii(text)) return std::string{text};
  const auto& library = Library::get();
  if (!is_utf8(text) || !library.is_open()) return std::nullopt;
  const int options = stable | (form == NormalForm::composed ? compose : decompose);

  // It writes characters first and then, in the same place, their UTF-8 and a zero byte.
  std::vector<std::int32_t> characters(text.size() * max_decomposition + 1);
  const auto count = library.utf8proc_decompose(
      reinterpret_cast<const std::uint8_t*>(text.data()), static_cast<ssize_t>(text.size()),
      characters.data(), static_cast<ssize_t>(characters.size()) - 1, options);
  std::optional<std::string> result;
  if (count >= 0 && static_cast<std::size_t>(count) < characters.size()) {
    const auto bytes = library.utf8proc_reencode(characters.data(), count, options);
    if (bytes >= 0) {
      result.emplace(reinterpret_cast<const char*>(characters.data()),
                     static_cast<std::size_t>(bytes));
    }
  }
  wipe_memory(characters.data(), characters.size() * sizeof(characters[0]));
  return result;
}

}  // namespace sipauth::commands
