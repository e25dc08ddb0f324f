#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>

#include "commands/accounts.hpp"
#include "commands/options.hpp"
#include "phone.hpp"
#include "registrar/server.hpp"

namespace sipauth {
namespace {

using registrar::built_in_accounts;
using registrar::Registrar;
using registrar::Server;

constexpr int patience_ms = 5000;

std::string query(std::string_view call_id, std::string_view transport = "UDP") {
  return write_request({.request_uri = "sip:test.local",
                        .transport = std::string{transport},
                        .via_host = "127.0.0.1:5062",
                        .branch = "z9hG4bK" + std::string{call_id},
                        .from = "<sip:alice@test.local>;tag=1",
                        .to = "<sip:alice@test.local>",
                        .call_id = std::string{call_id}});
}

std::uint16_t port_of(std::string_view bound) {
  return static_cast<std::uint16_t>(std::stoi(std::string{bound.substr(bound.rfind(':') + 1)}));
}

// A connected socket to 127.0.0.1.
class Client {
 public:
  Client(int type, std::uint16_t port) : socket_{::socket(AF_INET, type, 0)} {
    sockaddr_in peer{};
    peer.sin_family = AF_INET;
    peer.sin_port = htons(port);
    peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&peer), sizeof peer), 0);
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void send(std::string_view bytes) const {
    EXPECT_EQ(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }

  // What arrives next; empty when the peer closed or nothing came.
  std::string receive() const {
    pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, patience_ms) != 1) return {};
    std::array<char, 65'536> chunk{};
    const auto size = ::recv(socket_, chunk.data(), chunk.size(), 0);
    return size > 0 ? std::string{chunk.data(), static_cast<std::size_t>(size)} : std::string{};
  }

  // Of a stream: until so many messages without bodies are there, or it ends.
  std::string receive_messages(int count) const {
    std::string all;
    const auto complete = [&] {
      int ends = 0;
      for (auto at = all.find("\r\n\r\n"); at != std::string::npos;
           at = all.find("\r\n\r\n", at + 4)) {
        ++ends;
      }
      return ends;
    };
    while (complete() < count) {
      const auto more = receive();
      if (more.empty()) break;
      all += more;
    }
    return all;
  }

 private:
  int socket_;
};

class ServerTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto bound = server_.listen("127.0.0.1", 0);
    ASSERT_TRUE(bound) << bound.error();
    port_ = port_of(*bound);
    thread_ = std::thread{[this] { server_.run(); }};
  }
  void TearDown() override {
    server_.stop();
    thread_.join();
  }

  Server server_{Registrar{registrar::profile_with("strict"), built_in_accounts(), 1},
                 [](const registrar::Served&) {}};
  std::uint16_t port_ = 0;
  std::thread thread_;
};

TEST_F(ServerTest, AnswersDatagrams) {
  const Client client{SOCK_DGRAM, port_};
  client.send(query("one"));
  const auto answer = client.receive();
  EXPECT_TRUE(answer.starts_with("SIP/2.0 401 ")) << answer;
  EXPECT_TRUE(answer.contains("Call-ID: one\r\n"));
}

TEST_F(ServerTest, AnswersStreamsOnTheSamePort) {
  const Client client{SOCK_STREAM, port_};
  client.send(query("one", "TCP"));
  EXPECT_TRUE(client.receive_messages(1).starts_with("SIP/2.0 401 "));
}

TEST_F(ServerTest, CutsAStreamHoweverItTrickles) {
  const Client client{SOCK_STREAM, port_};
  const auto both = query("one", "TCP") + query("two", "TCP");
  for (std::size_t at = 0; at < both.size(); at += 7) {
    client.send(std::string_view{both}.substr(at, 7));
  }
  const auto answers = client.receive_messages(2);
  EXPECT_LT(answers.find("Call-ID: one\r\n"), answers.find("Call-ID: two\r\n"));
  EXPECT_TRUE(answers.contains("Call-ID: two\r\n"));
}

TEST_F(ServerTest, AnswersAPingWithAPong) {
  const Client client{SOCK_STREAM, port_};
  client.send("\r\n\r\n");
  EXPECT_EQ(client.receive(), "\r\n");
}

TEST_F(ServerTest, ClosesAStreamThatCannotBeCut) {
  const Client client{SOCK_STREAM, port_};
  client.send("REGISTER sip:a SIP/2.0\r\nContent-Length: nonsense\r\n\r\n");
  EXPECT_EQ(client.receive(), "");
  const Client other{SOCK_STREAM, port_};
  other.send(query("one", "TCP"));
  EXPECT_TRUE(other.receive_messages(1).starts_with("SIP/2.0 401 "));
}

TEST_F(ServerTest, OneStreamTooManyClosesTheOneThatWasSilentLongest) {
  std::deque<Client> clients;
  for (std::size_t i = 0; i < Server::max_streams; ++i) {
    clients.emplace_back(SOCK_STREAM, port_).send(query("c" + std::to_string(i), "TCP"));
    ASSERT_FALSE(clients.back().receive_messages(1).empty());
  }
  clients.front().send(query("awake", "TCP"));
  ASSERT_FALSE(clients.front().receive_messages(1).empty());
  const Client late{SOCK_STREAM, port_};
  late.send(query("late", "TCP"));
  EXPECT_TRUE(late.receive_messages(1).starts_with("SIP/2.0 401 "));
  EXPECT_EQ(clients[1].receive(), "");
  clients.front().send(query("still", "TCP"));
  EXPECT_TRUE(clients.front().receive_messages(1).contains("Call-ID: still\r\n"));
}

TEST_F(ServerTest, APortThatIsTakenIsAnError) {
  Server second{Registrar{registrar::profile_with("strict"), built_in_accounts(), 1},
                [](const registrar::Served&) {}};
  const auto bound = second.listen("127.0.0.1", port_);
  ASSERT_FALSE(bound);
  EXPECT_EQ(bound.error(),
            "Cannot listen on 127.0.0.1:" + std::to_string(port_) + ": Address already in use.");
}

TEST(Server, NeedsAnAddressAndNoName) {
  Server server{Registrar{registrar::profile_with("strict"), built_in_accounts(), 1},
                [](const registrar::Served&) {}};
  EXPECT_EQ(server.listen("localhost", 0).error(), "`localhost` is not an IP address.");
}

// The command in a process of its own, its standard output in our hands.
class Serving {
 public:
  explicit Serving(commands::ServeOptions options, commands::GlobalOptions global = {}) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    output_ = ends[0];
    std::fflush(nullptr);  // or the child writes once more what waits in our buffers
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(ends[1], STDOUT_FILENO);
      ::close(ends[0]);
      ::close(ends[1]);
      ::_exit(commands::run_serve(global, options));
    }
    ::close(ends[1]);
  }
  ~Serving() {
    if (child_ > 0) end(SIGKILL);
    ::close(output_);
  }
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

  std::string line() {
    std::string text;
    char c = 0;
    for (;;) {
      pollfd waiting{.fd = output_, .events = POLLIN, .revents = 0};
      if (::poll(&waiting, 1, patience_ms) != 1 || ::read(output_, &c, 1) != 1) break;
      if (c == '\n') break;
      text += c;
    }
    return text;
  }

  // The exit code; -1 when it did not end by itself.
  int end(int signal) {
    ::kill(child_, signal);
    int status = 0;
    ::waitpid(child_, &status, 0);
    child_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t child_ = 0;
  int output_ = -1;
};

TEST(ServeCommand, SaysWhereItListensAndLogsWhatItAnswers) {
  Serving serving{{.profile = "asterisk-2005-before", .listen = "127.0.0.1:0"}};
  const auto first = serving.line();
  ASSERT_TRUE(first.starts_with("listening on udp/tcp 127.0.0.1:")) << first;
  ASSERT_TRUE(first.ends_with(" as asterisk-2005-before")) << first;
  const auto address = first.substr(21, first.find(' ', 21) - 21);
  const Client client{SOCK_DGRAM, port_of(address)};
  client.send(query("\x1b[31mone"));
  EXPECT_TRUE(client.receive().starts_with("SIP/2.0 100 Trying\r\n"));
  EXPECT_TRUE(client.receive().starts_with("SIP/2.0 401 Unauthorized\r\n"));
  const auto log = serving.line();
  EXPECT_TRUE(log.contains(" udp 127.0.0.1:")) << log;
  EXPECT_TRUE(log.contains(" REGISTER alice \\x1B[31mone 1 without credentials -> 401 ")) << log;
  EXPECT_EQ(serving.end(SIGTERM), 0);
}

TEST(ServeCommand, NamesItsFaultsAndIsQuietWhenAsked) {
  Serving serving{{.profile = "strict", .faults = {"407", "folded"}, .listen = "127.0.0.1:0"},
                  {.quiet = true}};
  const auto first = serving.line();
  ASSERT_TRUE(first.ends_with(" as strict with 407,folded")) << first;
  const Client client{SOCK_DGRAM, port_of(first.substr(21, first.find(' ', 21) - 21))};
  client.send(query("one"));
  EXPECT_TRUE(client.receive().starts_with("SIP/2.0 407 "));
  EXPECT_EQ(serving.end(SIGINT), 130);
  EXPECT_EQ(serving.line(), "");
}

struct Refused {
  std::string_view proves;
  commands::ServeOptions options;
  std::string_view says;
};

void PrintTo(const Refused& row, std::ostream* out) { *out << row.proves; }

class RefusedTest : public testing::TestWithParam<Refused> {};

TEST_P(RefusedTest, ExitsWithTwoAndASentence) {
  testing::internal::CaptureStderr();
  const int code = commands::run_serve({}, GetParam().options);
  const auto said = testing::internal::GetCapturedStderr();
  EXPECT_EQ(code, 2);
  EXPECT_TRUE(said.contains(GetParam().says)) << said;
}

std::string refused_name(const testing::TestParamInfo<Refused>& info) {
  return std::string{info.param.proves};
}

INSTANTIATE_TEST_SUITE_P(
    Usage, RefusedTest,
    testing::ValuesIn(std::vector<Refused>{
        {"UnknownProfile", {.profile = "strickt"}, "did you mean `strict`?"},
        {"UnknownFault", {.faults = {"folde"}}, "did you mean `folded`?"},
        {"ListenWithoutAddress", {.listen = ":5060"}, "wants ADDRESS:PORT"},
        {"ListenPortTooHigh", {.listen = "127.0.0.1:65536"}, "wants ADDRESS:PORT"},
        {"ListenOpenBracket", {.listen = "[::1:5060"}, "wants ADDRESS:PORT"},
        {"ListenOnAName", {.listen = "localhost:0"}, "is not an IP address"},
        {"NoAccountsFile", {.accounts_file = "/nonexistent/accounts"}, "Cannot read"},
    }),
    refused_name);

TEST(ServeCommand, ListsProfilesAndFaults) {
  testing::internal::CaptureStdout();
  EXPECT_EQ(commands::run_serve({}, {.list_profiles = true}), 0);
  const auto listed = testing::internal::GetCapturedStdout();
  for (const auto& profile : registrar::profiles()) EXPECT_TRUE(listed.contains(profile.name));
  for (const auto& fault : registrar::faults()) EXPECT_TRUE(listed.contains(fault.description));
}

class AccountsFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "accounts-XXXXXX").string();
    const int descriptor = ::mkstemp(name.data());
    ASSERT_GE(descriptor, 0);
    ::close(descriptor);
    path_ = name;
    std::ofstream{path_} << "carol s p a c e\n";
  }
  void TearDown() override { std::filesystem::remove(path_); }

  std::filesystem::path path_;
};

TEST_F(AccountsFile, ThatOthersCanReadIsRefused) {
  std::filesystem::permissions(
      path_, std::filesystem::perms::owner_read | std::filesystem::perms::group_read);
  testing::internal::CaptureStderr();
  EXPECT_EQ(commands::run_serve({}, {.accounts_file = path_}), 2);
  EXPECT_TRUE(testing::internal::GetCapturedStderr().contains("chmod 600"));
}

TEST_F(AccountsFile, GivesTheAccounts) {
  Serving serving{{.profile = "kamailio-default", .listen = "127.0.0.1:0", .accounts_file = path_}};
  const auto first = serving.line();
  const Client client{SOCK_DGRAM, port_of(first.substr(21, first.find(' ', 21) - 21))};
  client.send(query("one"));
  const auto asked = registrar::read_answers({{.bytes = client.receive()}});
  registrar::World unused{registrar::profile_with("strict")};
  registrar::Phone carol{unused, "carol", "s p a c e"};
  auto request = query("two");
  request.insert(request.find("CSeq: "), "Authorization: " + carol.credentials(asked) + "\r\n");
  for (auto at = request.find("alice"); at != std::string::npos; at = request.find("alice")) {
    request.replace(at, 5, "carol");
  }
  client.send(request);
  EXPECT_TRUE(client.receive().starts_with("SIP/2.0 200 OK\r\n"));
  EXPECT_EQ(serving.end(SIGTERM), 0);
}

struct Lines {
  std::string_view proves;
  std::string_view text;
  std::string_view read;  ///< `user=password|...`, or the error
};

void PrintTo(const Lines& row, std::ostream* out) { *out << row.proves; }

class AccountsTest : public testing::TestWithParam<Lines> {};

TEST_P(AccountsTest, AreReadOrRefused) {
  const auto accounts = commands::read_accounts(GetParam().text);
  std::string read;
  if (accounts) {
    for (const auto& account : *accounts) {
      read += (read.empty() ? "" : "|") + account.user + '=';
      read += account.password.reveal();
    }
  } else {
    read = accounts.error();
  }
  EXPECT_EQ(read, GetParam().read);
}

std::string lines_name(const testing::TestParamInfo<Lines>& info) {
  return std::string{info.param.proves};
}

INSTANTIATE_TEST_SUITE_P(
    Files, AccountsTest,
    testing::Values(
        Lines{"OneALine", "alice secret\nbob secret2\n", "alice=secret|bob=secret2"},
        Lines{"TheLastLineNeedsNoEnd", "alice secret", "alice=secret"},
        Lines{"CommentsAndEmptyLinesAreSkipped", "# who\n\nalice secret\n", "alice=secret"},
        Lines{"CarriageReturnsBelongToTheLineEnd", "alice secret\r\n", "alice=secret"},
        Lines{"ManyBlanksPartUserAndPassword", "alice \t secret\n", "alice=secret"},
        Lines{"BlanksBelongToAPassword", "alice two words \n", "alice=two words "},
        Lines{"APasswordIsNeeded", "alice secret\nbob\n", "line 2: wants USER PASSWORD."},
        Lines{"AUserIsNeeded", " secret\n", "line 1: wants USER PASSWORD."},
        Lines{"AUserStandsOnce", "a x\na y\n", "line 2: this user has a line already."},
        Lines{"AnEmptyFileIsAMistake", "# nobody\n", "there is no account in it."}),
    lines_name);

}  // namespace
}  // namespace sipauth
