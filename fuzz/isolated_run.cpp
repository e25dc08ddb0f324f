#include "fuzz/isolated_run.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <utility>
#include <vector>

#include "fuzz/memory_limit.hpp"
#include "fuzz/oracle.hpp"

namespace sipauth::fuzz {
namespace {

constexpr int oracle_exit = 65;
constexpr int oom_exit = 66;
constexpr int leak_exit = 67;
// Processor time, so that a busy machine makes no findings; and a bound for what waits for ever.
constexpr time_t processor_seconds = 5;
constexpr unsigned wall_seconds = 60;
constexpr std::size_t most_report = 64U << 10U;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_{number} {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }
  void close() {
    ::close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

void limit_time() {
  for (const int number : {SIGALRM, SIGPROF}) std::signal(number, SIG_DFL);
  ::alarm(wall_seconds);
  const itimerval timer{.it_interval = {}, .it_value = {.tv_sec = processor_seconds, .tv_usec = 0}};
  ::setitimer(ITIMER_PROF, &timer, nullptr);
}

// An input that ran clean is one such byte in front of the claim, if any, of the one behind it.
constexpr char ran_clean = '\0';

void run_one(const Target& target, std::string_view input) {
  const std::vector<char> exact{input.begin(), input.end()};
  limit_time();
  forget_memory();
  const auto run = [&] { target.run({exact.data(), exact.size()}); };
  run();
  if (leaks(run)) ::_exit(leak_exit);
}

[[noreturn]] void run_in_child(const Target& target, std::span<const std::string_view> inputs,
                               int report, int claims) {
  // The terminal's Ctrl-C reaches this process too; its parent decides what ends.
  std::signal(SIGINT, SIG_IGN);
  if (report >= 0) ::dup2(report, STDERR_FILENO);
  limit_memory([] { ::_exit(oom_exit); });
  costly_claims_for_one_in = 1;
  try {
    for (const auto input : inputs) {
      run_one(target, input);
      if (::write(claims, &ran_clean, 1) != 1) ::_exit(0);
    }
  } catch (const std::bad_alloc&) {
    ::_exit(oom_exit);
  } catch (const std::exception& violation) {
    const std::string_view claim = violation.what();
    if (::write(claims, claim.data(), claim.size()) < 0) ::_exit(oracle_exit);
    ::_exit(oracle_exit);
  }
  ::_exit(0);
}

std::string read_all(int descriptor, std::size_t most) {
  std::string text;
  std::array<char, 4096> buffer;
  while (text.size() < most) {
    const auto size =
        ::read(descriptor, buffer.data(), std::min(buffer.size(), most - text.size()));
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(size));
  }
  return text;
}

Outcome outcome_of(int status) {
  if (WIFSIGNALED(status)) {
    const int number = WTERMSIG(status);
    return number == SIGALRM || number == SIGPROF ? Outcome::timeout : Outcome::crash;
  }
  switch (WEXITSTATUS(status)) {
    case 0:
      return Outcome::clean;
    case oracle_exit:
      return Outcome::oracle;
    case oom_exit:
      return Outcome::oom;
    case leak_exit:
      return Outcome::leak;
    default:
      return Outcome::crash;
  }
}

std::string cause_of(const IsolatedRun& run, int status) {
  if (run.outcome == Outcome::oracle) return run.claim;
  if (run.outcome != Outcome::crash) return std::string{bound_of(name_of(run.outcome))};
  constexpr std::string_view mark = "SUMMARY: ";
  if (const auto at = run.report.find(mark); at != std::string::npos) {
    const auto begin = at + mark.size();
    return run.report.substr(begin, run.report.find('\n', begin) - begin);
  }
  return WIFSIGNALED(status) ? ::strsignal(WTERMSIG(status)) : "";
}

SharedRun run_in_process(const Target& target, std::span<const std::string_view> inputs,
                         Told told) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return {.end = {Outcome::crash, "no pipe could be opened"}};
  }
  const Descriptor claims{ends[0]};
  Descriptor write_end{ends[1]};
  const Descriptor report{::memfd_create("report", MFD_CLOEXEC)};
  std::fflush(nullptr);
  const auto child = ::fork();
  if (child == 0) run_in_child(target, inputs, report.number(), write_end.number());
  write_end.close();
  if (child < 0) return {.end = {Outcome::crash, "no process could be started"}};
  const auto said = read_all(claims.number(), most_report);
  const auto clean = std::min(said.find_first_not_of(ran_clean), said.size());
  IsolatedRun end{.claim = said.substr(clean)};
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  end.outcome = outcome_of(status);
  if (end.outcome != Outcome::clean && ::lseek(report.number(), 0, SEEK_SET) == 0) {
    end.report = read_all(report.number(), most_report);
    if (told == Told::on_standard_error) std::fputs(end.report.c_str(), stderr);
  }
  end.cause = cause_of(end, status);
  return {.clean = clean, .end = std::move(end)};
}

}  // namespace

std::string_view name_of(Outcome outcome) noexcept {
  constexpr auto names =
      std::to_array<std::string_view>({"clean", "crash", "oracle", "timeout", "oom", "leak"});
  return names[static_cast<std::size_t>(outcome)];
}

std::string_view bound_of(std::string_view kind) noexcept {
  if (kind == "timeout") return "it takes longer than one input may";
  if (kind == "oom") return "it takes more memory, at once or in all, than one input may";
  if (kind == "leak") return "it loses memory";
  return {};
}

IsolatedRun run_isolated(const Target& target, std::string_view input, Told told) {
  return run_in_process(target, {&input, 1}, told).end;
}

SharedRun run_together(const Target& target, std::span<const std::string> inputs) {
  const std::vector<std::string_view> views{inputs.begin(), inputs.end()};
  return run_in_process(target, views, Told::nowhere);
}

std::string minimized(const Target& target, std::string input, Outcome outcome,
                      std::chrono::steady_clock::duration most, const std::atomic<bool>* stop) {
  const auto first = run_isolated(target, input, Told::nowhere);
  if (first.outcome != outcome) return input;
  const auto end = std::chrono::steady_clock::now() + most;
  const auto enough = [&] {
    return std::chrono::steady_clock::now() >= end || (stop != nullptr && *stop);
  };
  const auto fails_as_well = [&](const std::string& candidate) {
    const auto run = run_isolated(target, candidate, Told::nowhere);
    return run.outcome == outcome && run.cause == first.cause;
  };
  // Cuts out ever smaller pieces (delta debugging), until no single byte can go.
  for (auto piece = std::max<std::size_t>(input.size() / 2, 1); piece > 0;) {
    bool shorter = false;
    for (std::size_t at = 0; at < input.size() && !enough();) {
      auto candidate = input;
      candidate.erase(at, piece);
      if (fails_as_well(candidate)) {
        input = std::move(candidate);
        shorter = true;
      } else {
        at += piece;
      }
    }
    if (enough()) break;
    if (!shorter || piece > input.size()) piece /= 2;
  }
  return input;
}

}  // namespace sipauth::fuzz
