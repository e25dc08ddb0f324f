// Takes out of a message what would help a thief. It does not parse: what is sent and recorded may
// be mangled on purpose, and a secret in a mangled header is one still.

#include <algorithm>
#include <array>
#include <cstddef>

#include "results/escape.hpp"
#include "sipauth/text.hpp"

namespace sipauth::results {
namespace {

constexpr auto secret_parameters =
    std::to_array<std::string_view>({"response", "cnonce", "rspauth"});

constexpr std::string_view stars = "***";

class Redactor {
 public:
  explicit Redactor(std::string_view text) : text_{text} { out_.reserve(text.size()); }

  std::pair<std::string, bool> run() {
    while (at_ < text_.size()) {
      end_of_header_ = find_end_of_header();
      if (is_authorization()) copy_scheme();
      while (at_ < end_of_header_) parameter_or_byte();
    }
    return {std::move(out_), redacted_};
  }

 private:
  // A header goes on in lines that begin with a blank. A bare CR ends a line too.
  std::size_t find_end_of_header() const {
    auto end = at_;
    do {
      end = text_.find_first_of("\r\n", end);
      if (end == std::string_view::npos) return text_.size();
      end += text_.substr(end).starts_with("\r\n") ? 2 : 1;
    } while (end < text_.size() && (text_[end] == ' ' || text_[end] == '\t'));
    return end;
  }

  bool is_authorization() const {
    const auto header = text_.substr(at_, end_of_header_ - at_);
    const auto name = trim(header.substr(0, std::min(header.find(':'), header.size())));
    return same(name, "Authorization") || same(name, "Proxy-Authorization");
  }

  // Copies `Authorization: Digest`; of any other scheme nothing that follows its name.
  void copy_scheme() {
    copy_while([](char c) { return c != ':'; });
    copy_while([](char c) { return c == ':' || is_lws(c); });
    const auto begin = at_;
    copy_while([](char c) { return is_token(c); });
    if (same(text_.substr(begin, at_ - begin), "Digest")) return;
    copy_while(is_lws);
    auto end = end_of_header_;
    while (end > at_ && is_lws(text_[end - 1])) --end;
    if (end > at_) take_out_to(end);
    copy_to(end_of_header_);
  }

  void parameter_or_byte() {
    const auto begin = at_;
    copy_while([](char c) { return is_token(c); });
    if (at_ == begin) {
      copy_to(at_ + 1);
      return;
    }
    if (!is_secret_parameter(text_.substr(begin, at_ - begin))) return;
    copy_while(is_lws);
    if (at_ == end_of_header_ || text_[at_] != '=') return;
    copy_to(at_ + 1);
    copy_while(is_lws);
    value();
  }

  void value() {
    const bool quoted = at_ < end_of_header_ && text_[at_] == '"';
    if (quoted) copy_to(at_ + 1);
    auto end = quoted ? end_of_quoted_string() : end_of_token(at_);
    const bool closed = quoted && end < end_of_header_ && text_[end] == '"';
    if (end > at_) take_out_to(end);
    if (!closed) return;
    copy_to(at_ + 1);
    // Whatever sticks to the closing quote belongs to the value as well.
    end = end_of_token(at_);
    if (end > at_) take_out_to(end);
  }

  // Of one that is never closed all up to the end of the header, line end excluded.
  std::size_t end_of_quoted_string() const {
    auto end = at_;
    while (end < end_of_header_ && text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
    if (end < end_of_header_) return end;
    end = end_of_header_;
    while (end > at_ && is_lws(text_[end - 1])) --end;
    return end;
  }

  std::size_t end_of_token(std::size_t end) const {
    while (end < end_of_header_ && !is_lws(text_[end]) && text_[end] != ',' && text_[end] != ';') {
      ++end;
    }
    return end;
  }

  void take_out_to(std::size_t end) {
    out_ += stars;
    at_ = end;
    redacted_ = true;
  }

  void copy_to(std::size_t end) {
    out_ += text_.substr(at_, end - at_);
    at_ = end;
  }

  template <typename Is>
  void copy_while(Is is) {
    auto end = at_;
    while (end < end_of_header_ && is(text_[end])) ++end;
    copy_to(end);
  }

  std::string_view text_;
  std::string out_;
  std::size_t at_ = 0;
  std::size_t end_of_header_ = 0;
  bool redacted_ = false;
};

}  // namespace

bool is_secret_parameter(std::string_view name) {
  return std::ranges::any_of(secret_parameters, [&](auto secret) { return same(name, secret); });
}

std::pair<std::string, bool> redact(std::string_view message) { return Redactor{message}.run(); }

}  // namespace sipauth::results
