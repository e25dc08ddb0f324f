#include "fuzz/isolated_run.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <vector>

#include "fuzz/oracle.hpp"

namespace sipauth::fuzz {
namespace {

constexpr int oracle_exit = 65;
constexpr unsigned seconds_for_one = 10;

[[noreturn]] void run_in_child(const Target& target, std::string_view input, Told told,
                               int claims) {
  if (told == Told::nowhere) {
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere >= 0) ::dup2(nowhere, STDERR_FILENO);
  }
  std::signal(SIGALRM, SIG_DFL);
  ::alarm(seconds_for_one);
  costly_claims_for_one_in = 1;
  const std::vector<char> exact{input.begin(), input.end()};
  try {
    target.run({exact.data(), exact.size()});
  } catch (const std::exception& violation) {
    const std::string_view claim = violation.what();
    if (::write(claims, claim.data(), claim.size()) < 0) ::_exit(oracle_exit);
    ::_exit(oracle_exit);
  }
  ::_exit(0);
}

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 512> buffer;
  while (true) {
    const auto size = ::read(descriptor, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(size));
  }
}

Outcome outcome_of(int status) {
  if (WIFSIGNALED(status)) {
    return WTERMSIG(status) == SIGALRM ? Outcome::timeout : Outcome::crash;
  }
  if (WEXITSTATUS(status) == 0) return Outcome::clean;
  return WEXITSTATUS(status) == oracle_exit ? Outcome::oracle : Outcome::crash;
}

}  // namespace

IsolatedRun run_isolated(const Target& target, std::string_view input, Told told) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {Outcome::crash, "no pipe could be opened"};
  std::fflush(nullptr);
  const auto child = ::fork();
  if (child == 0) run_in_child(target, input, told, ends[1]);
  ::close(ends[1]);
  if (child < 0) {
    ::close(ends[0]);
    return {Outcome::crash, "no process could be started"};
  }
  auto claim = read_all(ends[0]);
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return {outcome_of(status), std::move(claim)};
}

std::string minimized(const Target& target, std::string input, Outcome outcome,
                      std::chrono::steady_clock::duration most) {
  const auto end = std::chrono::steady_clock::now() + most;
  // Cuts out ever smaller pieces (delta debugging), until no single byte can go.
  for (auto piece = std::max<std::size_t>(input.size() / 2, 1); piece > 0;) {
    bool shorter = false;
    for (std::size_t at = 0; at < input.size() && std::chrono::steady_clock::now() < end;) {
      auto candidate = input;
      candidate.erase(at, piece);
      if (run_isolated(target, candidate, Told::nowhere).outcome == outcome) {
        input = std::move(candidate);
        shorter = true;
      } else {
        at += piece;
      }
    }
    if (std::chrono::steady_clock::now() >= end) break;
    if (!shorter || piece > input.size()) piece /= 2;
  }
  return input;
}

}  // namespace sipauth::fuzz
