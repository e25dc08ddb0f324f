#include "commands/usage.hpp"

#include <cxxabi.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <span>

#include "commands/run.hpp"
#include "net/transport.hpp"

namespace sipauth::commands {
namespace {

static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may touch nothing else");

extern "C" void stop(int) {
  constexpr int interrupted_exit = 130;
  if (net::stop_requested.exchange(true)) ::_exit(interrupted_exit);
}

}  // namespace

bool wants_json(int argc, const char* const* argv) {
  std::string_view before;
  for (const std::string_view word : std::span{argv, static_cast<std::size_t>(argc)}) {
    if (word == "--") return false;
    if (word == "--json" || word == "-ojson" || word == "--output=json") return true;
    if (word == "json" && (before == "-o" || before == "--output")) return true;
    before = word;
  }
  return false;
}

void stop_on_signals() {
  struct sigaction action{};
  action.sa_handler = stop;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM}) ::sigaction(signal, &action, nullptr);
}

int put_out_internal_error(const GlobalOptions& global, const char* type) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name{
      abi::__cxa_demangle(type, nullptr, nullptr, &status), &std::free};
  return put_out_error(
      global, "",
      {"internal", fmt::format("An internal error ended the run ({}). Please report it with what "
                               "you typed and the output of -v.",
                               status == 0 ? name.get() : type)});
}

}  // namespace sipauth::commands
