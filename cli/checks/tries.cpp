#include "checks/tries.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "checks/worst.hpp"

namespace sipauth::checks {
namespace {

using enum Verdict;
using namespace std::chrono_literals;

constexpr int most_stale_answers = 3;
constexpr std::size_t most_sentences = 4;

// Of several rows a client is free to answer any, of the realm and by the header that it chose.
void choose(sip::Exchange& offered, const Wanted& wanted) {
  if (!wanted || !offered.challenged() || wanted(*offered.offer())) return;
  const auto& chosen = *offered.offer();
  const auto found = std::ranges::find_if(offered.offers, [&](const sip::Offer& offer) {
    return offer.answerable && offer.realm == chosen.realm && offer.proxy == chosen.proxy &&
           wanted(offer);
  });
  if (found == offered.offers.end()) {
    offered.chosen.reset();
  } else {
    offered.chosen = static_cast<std::size_t>(found - offered.offers.begin());
  }
}

void join(std::string& text, std::string_view more) {
  if (!text.empty()) text += "; ";
  text += more;
}

}  // namespace

std::optional<Verdict> Expected::letter(const sip::Exchange& answered) const {
  switch (outcome_of(answered)) {
    case Outcome::accepted:
      return accepted;
    case Outcome::stale:
      return stale;
    case Outcome::plain:
      return plain;
    case Outcome::dead_challenge:
      // All challenges of one second may share a nonce.
      return answered.challenged() && !answered.stale() ? plain : refused;
    case Outcome::forbidden:
      return forbidden;
    case Outcome::bad_request:
      return bad_request;
    case Outcome::not_found:
      return not_found;
    case Outcome::refused:
      return refused;
    case Outcome::broken:
      return broken;
    case Outcome::other:
      return std::nullopt;
  }
  return std::nullopt;
}

Fresh fresh_challenge(Context& context, const sip::Shape& shape, const Wanted& wanted) {
  auto dialogue = context.dialogue();
  auto offered = dialogue.challenge(shape);
  const auto& reuse = context.shared.reuse;
  const bool good_once = !reuse || !reuse->accepted();
  if (good_once && offered.challenged() &&
      context.session().nonce_was_used(offered.offer()->nonce)) {
    dialogue.wait(1100ms);
    offered = dialogue.challenge(shape);
  }
  choose(offered, wanted);
  return {std::move(dialogue), std::move(offered), wanted};
}

std::optional<Finding> Fresh::lacking(std::string_view no_such_row) const {
  if (offered.challenged()) return std::nullopt;
  if (!offered.is_401_or_407() || offered.offers.empty()) return no_challenge(offered);
  return Finding{skip, std::string{no_such_row}, {offered}};
}

void Tries::judge(std::string_view what, const Expected& expected, const sip::Exchange& answered) {
  const auto letter = expected.letter(answered);
  auto seen = std::string{what} + " was answered with " + describe(answered);
  if (!letter) seen += ", which is none of the answers to be expected";
  note(letter.value_or(answered.status >= 400 ? warn : inconclusive), what, std::move(seen),
       answered);
}

void Tries::note(Verdict verdict, std::string_view what, std::string seen,
                 const sip::Exchange& answered) {
  tries_.push_back({std::string{what}, verdict, std::move(seen), answered});
}

void Tries::answer(std::string_view what, const Expected& expected, const sip::Deviation& deviation,
                   const sip::Shape& shape) {
  auto fresh = fresh_challenge(context_);
  if (auto none = fresh.lacking("no challenge can be answered")) {
    note(inconclusive, what, std::move(none->observed), fresh.offered);
    return;
  }
  judge(what, expected, fresh.answer(deviation, shape));
}

void Tries::leave_out(std::string_view why) { left_out_.emplace_back(why); }

Finding Tries::finding(std::string_view all_passed) const {
  std::string left_out;
  for (const auto& why : left_out_) join(left_out, why);
  if (tries_.empty()) return {skip, left_out};

  Finding finding{.verdict = std::ranges::min_element(tries_, {}, &Try::verdict)->verdict};
  std::string sentences;
  for (const auto& one : tries_) {
    if (one.verdict != finding.verdict) continue;
    if (finding.verdict == pass && tries_.size() > 1) {
      const auto status = one.answered.status;
      join(sentences, one.what + ": " + (status == 0 ? "closed" : std::to_string(status)));
    } else if (finding.evidence.size() < most_sentences) {
      join(sentences, one.seen);
    }
    if (finding.evidence.size() < most_sentences) finding.evidence.push_back(one.answered);
    finding.stands_on_liveness = finding.stands_on_liveness || one.answered.status == 403;
  }
  finding.observed = finding.verdict == pass && tries_.size() > 1
                         ? std::string{all_passed} + " (" + sentences + ")"
                         : sentences;
  if (!left_out.empty()) finding.observed += "; not tried: " + left_out;
  return finding;
}

sip::Exchange answer_and_follow(Fresh& fresh, const sip::Deviation& deviation) {
  auto answered = fresh.answer(deviation);
  for (int i = 0; i < most_stale_answers && answered.stale() && answered.usable(); ++i) {
    choose(answered, fresh.wanted);
    if (!answered.offer()) break;
    answered = fresh.dialogue.answer(answered, deviation);
  }
  return answered;
}

bool knows_the_password(Context& context) {
  const auto& identity = context.session().identity();
  return !identity.password_is_ha1 && !(identity.card && identity.password.empty());
}

std::string random_user(Context& context) {
  return context.session().random().text(12, "bcdfghjklmnpqrstvwxz");
}

}  // namespace sipauth::checks
