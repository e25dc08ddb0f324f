// A capture of a million packets, read by `sipauth pcap` and, for comparison, by tshark: processor
// time and the most memory that the program held. 2000 phones register 125 times each.

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "cli/packets.hpp"

namespace {

using namespace sipauth::test;

constexpr int phones = 2000;
constexpr int rounds = 125;
constexpr int packets = phones * rounds * 4;

std::string headers(const std::string& user, int cseq, const std::string& branch) {
  return "Via: SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bK" + branch + "\r\nFrom: <sip:" + user +
         "@example.com>;tag=" + user + "\r\nTo: <sip:" + user +
         "@example.com>\r\nCall-ID: " + user + "@10.0.0.5\r\nCSeq: " + std::to_string(cseq) +
         " REGISTER\r\n";
}

// A phone has a port of its own.
std::string packet(const std::string& message, int phone, bool from_phone) {
  const auto port = static_cast<std::uint16_t>(10'000 + phone);
  if (from_phone) return ethernet(ipv4(udp(message, port, 5060)));
  constexpr std::size_t source = 12, destination = 16;  // RFC 791 3.1
  auto answer = ipv4(udp(message, 5060, port));
  std::swap_ranges(answer.begin() + source, answer.begin() + destination,
                   answer.begin() + destination);
  return ethernet(answer);
}

// A request, its challenge, the answer with credentials, and the success.
void write_registration(std::ofstream& file, int phone, int round, std::uint32_t time) {
  const auto user = "u" + std::to_string(phone);
  const auto nonce = std::to_string(round) + "f84f1cec41e6cbe5aea9c8e88d" + std::to_string(phone);
  const auto contact = "Contact: <sip:" + user + "@10.0.0.5:5060>\r\n";
  const auto end = std::string{"Content-Length: 0\r\n\r\n"};
  const auto line = std::string{"REGISTER sip:example.com SIP/2.0\r\n"};
  const auto cseq = 2 * round + 1;
  const auto first = user + "a" + std::to_string(round);
  const auto second = user + "b" + std::to_string(round);
  const auto write = [&](const std::string& message, bool from_phone, std::uint32_t after) {
    file << pcap_record(packet(message, phone, from_phone), time, after);
  };
  write(line + headers(user, cseq, first) + "Max-Forwards: 70\r\n" + contact + end, true, 0);
  write("SIP/2.0 401 Unauthorized\r\n" + headers(user, cseq, first) +
            "WWW-Authenticate: Digest realm=\"example.com\", nonce=\"" + nonce +
            "\", qop=\"auth\", algorithm=MD5\r\n" + end,
        false, 10'000);
  write(line + headers(user, cseq + 1, second) + "Max-Forwards: 70\r\n" + contact +
            "Authorization: Digest username=\"" + user + "\", realm=\"example.com\", nonce=\"" +
            nonce +
            "\", uri=\"sip:example.com\", response=\"6629fae49393a05397450978507c4ef1\", "
            "algorithm=MD5, qop=auth, nc=00000001, cnonce=\"0a4f113b\"\r\n" +
            end,
        true, 20'000);
  write(
      "SIP/2.0 200 OK\r\n" + headers(user, cseq + 1, second) + contact + "Expires: 3600\r\n" + end,
      false, 30'000);
}

// Written once, and gone with the program.
class Capture {
 public:
  Capture() {
    if (mkstemp(path_.data()) < 0) std::abort();
    std::ofstream file{path_, std::ios::binary};
    file << pcap_header();
    for (int round = 0; round < rounds; ++round) {
      for (int phone = 0; phone < phones; ++phone) {
        const auto time = 1'700'000'000 + round * 3000 + phone / 20;
        write_registration(file, phone, round, static_cast<std::uint32_t>(time));
      }
    }
  }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;
  ~Capture() { std::remove(path_.c_str()); }

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_ = "/tmp/sipauth-bench-XXXXXX";
};

// What it took, where it could be started and exited with one of the codes of a whole reading.
std::optional<rusage> run(std::vector<std::string> words, int most_exit) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t pid = -1;
  const int error =
      posix_spawnp(&pid, words[0].c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  rusage used{};
  if (error != 0 || wait4(pid, &status, 0, &used) != pid) return std::nullopt;
  if (!WIFEXITED(status) || WEXITSTATUS(status) > most_exit) return std::nullopt;
  return used;
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

void read_capture(benchmark::State& state, std::vector<std::string> words, int most_exit) {
  static const Capture capture;
  words.push_back(capture.path());
  for (auto _ : state) {
    const auto used = run(words, most_exit);
    if (!used) {
      state.SkipWithError("it is not installed, or did not end as it should");
      break;
    }
    state.SetIterationTime(seconds(used->ru_utime) + seconds(used->ru_stime));
    state.counters["MiB"] = static_cast<double>(used->ru_maxrss) / 1024;
    state.counters["packets"] = packets;
  }
}
// Findings are 1.
BENCHMARK_CAPTURE(read_capture, sipauth, {SIPAUTH_TOOL, "pcap", "-q"}, 1)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kSecond);
// What both halves of a registration said, for a script to judge.
BENCHMARK_CAPTURE(read_capture, tshark_fields,
                  {"tshark", "-n", "-Y", "sip", "-T", "fields", "-e", "frame.time", "-e",
                   "sip.Call-ID", "-e", "sip.Method", "-e", "sip.Status-Code", "-e",
                   "sip.auth.nonce", "-e", "sip.auth.digest.response", "-r"},
                  0)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kSecond);
// Counts alone.
BENCHMARK_CAPTURE(read_capture, tshark_counts, {"tshark", "-n", "-q", "-z", "sip,stat", "-r"}, 0)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kSecond);

}  // namespace
