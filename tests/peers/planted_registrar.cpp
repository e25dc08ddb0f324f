// planted_registrar BUG [dies]: a registrar of ours with a bug that fuzzing has to find, on a free
// port of the loopback, until SIGTERM. Writes "port N pid N". SIGHUP starts it anew; after a crash
// it rises by itself unless it `dies`.
//
//   none    it is well
//   crash   an Authorization whose quotes do not match ends it
//   hang    a row of more than 400 bytes holds it up for 1.5 s
//   state   a Max-Forwards that is no number makes it forget the passwords

#include <sys/mman.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>

#include "peers/planted.hpp"
#include "registrar/registrar.hpp"
#include "registrar/server.hpp"
#include "sipauth/text.hpp"

namespace {

using namespace sipauth;

constexpr std::size_t longest_row = 400;
constexpr std::chrono::milliseconds hold_up{1500};
constexpr timespec pause_of_the_dead{.tv_sec = 0, .tv_nsec = 200'000'000};

class Planted {
 public:
  explicit Planted(std::string_view bug) : bug_{bug} {}

  void take(const registrar::Incoming& request, const registrar::Server::Send& send) {
    if (bug_ == "crash" && planted::has_open_quote(planted::row(request.bytes, "Authorization:"))) {
      std::abort();
    }
    if (bug_ == "hang" && planted::has_long_row(request.bytes, longest_row)) {
      std::this_thread::sleep_for(hold_up);
    }
    if (bug_ == "state") {
      const auto value = trim(planted::row(request.bytes, "Max-Forwards:"));
      if (!value.empty() && !number(value, 255)) forgetful_ = true;
    }
    auto& registrar = forgetful_ ? without_passwords_ : well_;
    for (auto& answer : registrar.handle(request.bytes, request.source, clock_.now(), clock_.wall(),
                                         request.transport == "tcp")) {
      send(std::move(answer));
    }
  }

 private:
  static registrar::Profile profile() { return registrar::make_profile("strict", {}).value(); }

  std::string_view bug_;
  bool forgetful_ = false;
  net::SystemClock clock_;
  registrar::Registrar well_{profile(), registrar::built_in_accounts(), 1};
  registrar::Registrar without_passwords_{profile(), {}, 2};
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const std::string_view bug = argv[1];
  const bool rises = argc < 3;
  // The port of the first life is that of all others.
  auto* const port = static_cast<std::uint16_t*>(::mmap(
      nullptr, sizeof(std::uint16_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  if (port == MAP_FAILED) return 2;
  *port = 0;
  const auto supervisor = ::getpid();
  return planted::supervise(rises, pause_of_the_dead, [&] {
    Planted registrar{bug};
    registrar::Server server{
        [&](const auto& request, const auto& send) { registrar.take(request, send); }};
    const auto bound = server.listen("127.0.0.1", *port);
    if (!bound) return 2;
    if (*port == 0) {
      *port = static_cast<std::uint16_t>(std::stoi(bound->substr(bound->rfind(':') + 1)));
      std::printf("port %d pid %d\n", *port, supervisor);
      std::fflush(stdout);
    }
    return server.run();
  });
}
