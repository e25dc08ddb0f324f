#include <array>
#include <chrono>

#include "registrar/fault_tables.hpp"

namespace sipauth::registrar {
namespace {

using namespace std::chrono_literals;
using To = ReturnRules::To;
using OldCSeq = SequenceRules::OldCSeq;

constexpr auto table = std::to_array<Fault>({
    {"retransmission-403", "403 to credentials that are retransmitted",
     [](Profile& p) { p.retransmission.answer = reply::forbidden; }},
    {"retransmission-401", "a plain 401 to credentials that are retransmitted",
     [](Profile& p) { p.retransmission.answer = reply::challenge; }},
    {"retransmission-to-tag", "a retransmission is judged as if it were new, with another To-tag",
     [](Profile& p) {
       p.retransmission = {
           .replays_challenges = false, .replays_answers = false, .new_to_tag = true};
     }},
    {"retransmission-rekeys", "a retransmission replaces the nonce of its Call-ID",
     [](Profile& p) {
       p.retransmission.replays_challenges = false;
       p.nonce.scope = Scope::call_id;
       p.nonce.state_ttl = 32s;
     }},
    {"retransmission-rekeys-plain",
     "a retransmission replaces the nonce of its Call-ID; a plain 401 to the one before",
     [](Profile& p) {
       p.retransmission.replays_challenges = false;
       p.nonce.scope = Scope::call_id;
       p.nonce.state_ttl = 32s;
       p.on.foreign = either(reply::challenge);
     }},
    {"same-cseq-silent", "no answer to the CSeq of the request before on another branch",
     [](Profile& p) { p.sequence.same_cseq = reply::silence; }},
    {"same-cseq-482", "482 to the CSeq of the request before on another branch",
     [](Profile& p) { p.sequence.same_cseq = {.status = 482}; }},
    {"from-tag-403", "403 to another From-tag on the same Call-ID",
     [](Profile& p) { p.sequence.other_from_tag = reply::forbidden; }},
    {"to-tag-403", "403 to a request whose To has a tag",
     [](Profile& p) { p.sequence.to_with_tag = reply::forbidden; }},
    {"to-tag-silent", "no answer to a request whose To has a tag",
     [](Profile& p) { p.sequence.to_with_tag = reply::silence; }},
    {"old-cseq-applied", "a CSeq that is not higher changes a binding all the same",
     [](Profile& p) { p.sequence.old_cseq = OldCSeq::applied; }},
    {"old-cseq-200", "200 to a CSeq that is not higher, and the binding stays as it is",
     [](Profile& p) { p.sequence.old_cseq = OldCSeq::kept; }},
    {"stream-forbid-foreign", "403 to a nonce that was never issued, over streams alone",
     [](Profile& p) { p.foreign_on_streams = either(reply::forbidden); }},
    {"long-lost", "challenges of more than 1300 bytes, each lost once",
     [](Profile& p) {
       p.nonce.pad_to = 1400;
       p.loses_long = true;
     }},
    {"rport-ignored", "answers go to the port in Via, whatever rport asks for",
     [](Profile& p) { p.returns.to = To::via_port; }},
    {"no-rport-via-port", "without rport answers go to the port in Via",
     [](Profile& p) { p.returns.to = To::as_asked; }},
    {"rport-not-filled", "rport and received stay empty",
     [](Profile& p) { p.returns.fills_in = false; }},
    {"answers-elsewhere", "answers come from another port than the one that was asked",
     [](Profile& p) { p.returns.from_elsewhere = true; }},
});

}  // namespace

std::span<const Fault> transaction_faults() { return table; }

}  // namespace sipauth::registrar
