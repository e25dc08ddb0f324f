#include "lib/flow_script.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>

#include "sipauth/digest.hpp"

namespace sipauth::test {
namespace {

using Words = std::map<std::string, std::string, std::less<>>;

struct Line {
  std::int64_t time = 0;
  bool from_phone = true;
  std::string what = {};
  Words words = {};

  [[nodiscard]] std::string word(std::string_view name, std::string_view otherwise = "") const {
    const auto found = words.find(name);
    return found == words.end() ? std::string{otherwise} : found->second;
  }
  [[nodiscard]] bool has(std::string_view name) const { return words.contains(name); }
};

Line line_of(const std::string& text) {
  std::istringstream in{text};
  Line line;
  std::string time;
  std::string direction;
  in >> time >> direction >> line.what;
  if (line.what.empty()) throw std::runtime_error{"not a line of a trace: " + text};
  const auto point = time.find('.');
  line.time = std::stoll(time.substr(0, point)) * 1'000'000'000 +
              std::llround(std::stod("0." + time.substr(point + 1)) * 1e9);
  line.from_phone = direction == ">";
  for (std::string word; in >> word;) {
    const auto equals = word.find('=');
    auto value = equals == std::string::npos ? std::string{} : word.substr(equals + 1);
    std::ranges::replace(value, '_', ' ');
    line.words[word.substr(0, equals)] = value;
  }
  return line;
}

struct Request {
  Line line;
  std::string branch;
};

class Writer {
 public:
  ScriptMessage write(const Line& line, std::uint64_t number) {
    ScriptMessage message{.number = number,
                          .time = line.time,
                          .source = line.word("from", "10.0.0.5:5060"),
                          .destination = line.word("to", "10.0.0.1:5060"),
                          .transport = line.word("transport", "udp")};
    if (line.from_phone) {
      if (line.has("again")) {
        message.text = last_text_;
        return message;
      }
      auto branch = line.word("branch", "z9hG4bK" + std::to_string(++branches_));
      requests_.push_back({line, branch});
      message.text = last_text_ = request(line, branch);
      return message;
    }
    const auto& asked = request_of(line);
    message.source = asked.line.word("to", "10.0.0.1:5060");
    message.destination = asked.line.word("from", "10.0.0.5:5060");
    message.text = response(line, asked);
    return message;
  }

 private:
  const Request& request_of(const Line& line) const {
    if (requests_.empty()) throw std::runtime_error{"an answer without a request"};
    for (auto known = requests_.rbegin(); known != requests_.rend(); ++known) {
      const bool fits = !line.has("cseq") || known->line.word("cseq") == line.word("cseq");
      if (fits) return *known;
    }
    return requests_.back();
  }

  static std::string common(const Line& line, const std::string& branch, bool answer) {
    const auto user = line.word("aor", "alice");
    const auto tag = line.word("totag", answer ? "srv" : "");
    return "Via: SIP/2.0/UDP 10.0.0.5:5060;branch=" + branch + "\r\nFrom: <sip:" + user +
           "@example.com>;tag=" + line.word("tag", "t1") + "\r\nTo: <sip:" + user +
           "@example.com>" + (tag.empty() ? "" : ";tag=" + tag) +
           "\r\nCall-ID: " + line.word("call", "c1") + "\r\nCSeq: " + line.word("cseq", "1") + ' ' +
           line.what + "\r\n";
  }

  static std::string request(const Line& line, const std::string& branch) {
    std::string text = line.what + " sip:example.com SIP/2.0\r\n" + common(line, branch, false) +
                       "Max-Forwards: 70\r\nUser-Agent: " + line.word("agent", "Phone 1.0") +
                       "\r\n";
    if (line.has("credentials")) text += "Authorization: " + line.word("credentials") + "\r\n";
    if (line.has("nonce")) text += credentials(line);
    return text + "Content-Length: 0\r\n\r\n";
  }

  static std::string credentials(const Line& line) {
    const auto qop = line.word("qop", "auth");
    const bool has_qop = qop != "-";
    const auto user = line.word("user", line.word("aor", "alice"));
    const auto realm = line.word("realm", "example.com");
    const auto algorithm = line.word("algorithm");
    const auto cnonce = line.word("cnonce", "c0c0");
    auto count = line.word("nc", "1");
    count.insert(0, 8 - std::min<std::size_t>(8, count.size()), '0');
    const auto method = line.word("hashed-method", line.what);
    const auto password = line.word("password", script_password);
    DigestInput input{.algorithm = find_algorithm(algorithm),
                      .qop = has_qop ? Qop::auth : Qop::none,
                      .username = user,
                      .realm = realm,
                      .password = password,
                      .method = method,
                      .uri = "sip:example.com",
                      .nonce = line.words.at("nonce")};
    if (has_qop) {
      input.nc = count;
      input.cnonce = cnonce;
    }
    const auto trace = compute_digest(input);
    if (!trace) throw std::runtime_error{"no digest"};
    std::string text = line.word("proxy") == "yes" ? "Proxy-Authorization" : "Authorization";
    text += ": Digest username=\"" + user + "\", realm=\"" + realm + "\", nonce=\"" +
            line.word("nonce") + "\", uri=\"sip:example.com\", response=\"" +
            std::string{trace->response.view()} + '"';
    if (!algorithm.empty()) text += ", algorithm=" + algorithm;
    if (has_qop) text += ", qop=" + qop + ", nc=" + count + ", cnonce=\"" + cnonce + '"';
    return text + "\r\n";
  }

  static std::string response(const Line& line, const Request& asked) {
    auto of = asked.line;
    for (const auto& [name, value] : line.words) of.words.insert({name, value});
    of.words["totag"] = "srv";
    std::string text = "SIP/2.0 " + line.what + " Answer\r\n" + common(of, asked.branch, true);
    if (line.has("header")) text += "WWW-Authenticate: " + line.word("header") + "\r\n";
    const bool is_challenge = line.what == "401" || line.what == "407";
    if (is_challenge && !line.has("bare") && !line.has("header")) text += challenges(line);
    return text + "Content-Length: 0\r\n\r\n";
  }

  static std::string challenges(const Line& line) {
    std::istringstream algorithms{line.word("algorithm", "-")};
    std::string text;
    for (std::string algorithm; std::getline(algorithms, algorithm, ',');) {
      text += line.what == "407" ? "Proxy-Authenticate" : "WWW-Authenticate";
      text += ": Digest realm=\"" + line.word("realm", "example.com") + "\", nonce=\"" +
              line.words.at("nonce") + '"';
      if (algorithm != "-") text += ", algorithm=" + algorithm;
      if (line.has("stale")) text += ", stale=" + line.word("stale");
      if (line.word("qop") != "-") text += ", qop=\"auth\"";
      text += "\r\n";
    }
    return text;
  }

  std::deque<Request> requests_;
  std::string last_text_;
  int branches_ = 0;
};

}  // namespace

std::vector<ScriptMessage> messages_of(std::string_view script) {
  std::vector<ScriptMessage> messages;
  Writer writer;
  std::istringstream lines{std::string{script}};
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty()) messages.push_back(writer.write(line_of(line), messages.size() + 1));
  }
  return messages;
}

FlowReport report_on(std::string_view script, bool with_account) {
  std::vector<FlowAccount> accounts;
  if (with_account) {
    accounts.push_back(
        {.user = "alice", .realm = "example.com", .secret = Secret{script_password}});
  }
  FlowAnalysis analysis{accounts};
  for (const auto& message : messages_of(script)) analysis.add(message.view());
  return analysis.finish();
}

const FlowRow& row_of(const FlowReport& report, std::string_view id) {
  for (const auto& row : report.rows) {
    if (row.check->id == id) return row;
  }
  throw std::runtime_error{"no such check"};
}

}  // namespace sipauth::test
