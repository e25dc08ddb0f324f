#include "sip/binding.hpp"

#include <utility>

#include "sip/dialogue.hpp"

namespace sipauth::sip {
namespace {

constexpr int most_challenges = 3;

bool unbind(Session& session, const std::string& contact) {
  const Shape shape{.headers = {{"Contact", contact}, {"Expires", "0"}}};
  try {
    Dialogue dialogue{session};
    auto last = dialogue.challenge(shape);
    for (int i = 0; i < most_challenges && last.challenged(); ++i) {
      last = dialogue.answer(last, {}, shape);
    }
    return last.accepted();
  } catch (const NoAnswer&) {
  } catch (const Interrupted&) {
  }
  return false;
}

}  // namespace

std::vector<std::string> unbind(Session& session) {
  if (session.bindings().empty()) return {};
  const bool was_interrupted = net::stop_requested.exchange(false);
  const auto contacts = session.bindings();
  session.forget_bindings();
  session.lift_request_limit();
  std::vector<std::string> left;
  for (const auto& contact : contacts) {
    if (!unbind(session, contact)) left.push_back(contact);
  }
  session.forget_bindings();
  if (was_interrupted) net::stop_requested = true;
  return left;
}

}  // namespace sipauth::sip
