// Well-formed headers as real servers and phones write them, values invented: none is an error.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/reported.hpp"
#include "sipauth/lint.hpp"

namespace sipauth {
namespace {

struct Row {
  std::string_view device = {};
  std::string_view text = {};
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.device << ": " << row.text; }

std::string errors_of(std::string_view text) {
  Diagnostics found;
  const auto linted = lint_pasted(text, found);
  std::string errors = linted ? "" : std::string{linted.error().sentence()};
  for (const auto& [rule, where] : found.list()) {
    if (rule->severity != Severity::error) continue;
    errors.append(rule->name).append(" at ").append(text.substr(where.offset, 20)).append("\n");
  }
  return errors;
}

class DeviceHeaderTest : public testing::TestWithParam<Row> {};

TEST_P(DeviceHeaderTest, HasNoError) { EXPECT_EQ(errors_of(GetParam().text), ""); }

const std::
    vector<Row>
        rows{
            // Challenges.
            {"chan_sip",
             R"(WWW-Authenticate: Digest algorithm=MD5, realm="asterisk", nonce="1f2e3d4c")"},
            {"chan_sip",
             R"(WWW-Authenticate: Digest algorithm=MD5, realm="pbx.example", nonce="70a1b2c3", stale=true)"},
            {"chan_sip r5834",
             R"(WWW-Authenticate: Digest realm="asterisk", nonce="397d281a" , stale=true)"},
            {"pjsip",
             R"(WWW-Authenticate: Digest realm="asterisk",nonce="1764504000/0f1e2d3c4b5a69788796a5b4c3d2e1f0",opaque="4f5e6d7c8b9a0112",stale=true,algorithm=MD5,qop="auth")"},
            {"pjsip 18",
             R"(WWW-Authenticate: Digest  realm="asterisk",nonce="1764504000/0f1e",opaque="4f5e",algorithm=md5,qop="auth")"},
            {"Kamailio",
             R"(WWW-Authenticate: Digest realm="sip.example.org", nonce="aSwSQGksEWzZkXb/9cQ1u7p5sTtq+4Hn")"},
            {"Kamailio",
             R"(Proxy-Authenticate: Digest realm="sip.example.org", nonce="ZVx/A2VcftdQ8mSlD4b4dDPuGQ7zsKGn", qop="auth", algorithm=SHA-256, stale=true)"},
            {"OpenSIPS",
             R"(WWW-Authenticate: Digest realm="sip.example.org", nonce="k9v7sBbnGgVXTEtk0TxzTBhHgbqq0GRTBo0vJsxqVQcA", qop="auth,auth-int", algorithm=MD5)"},
            {"FreeSWITCH",
             R"(WWW-Authenticate: Digest realm="fs.example", nonce="8d2c0a5e-2f0f-4a69-b6ce-1a2b3c4d5e6f", stale=true, algorithm=MD5, qop="auth")"},
            {"FRITZ!Box",
             R"(WWW-Authenticate: Digest realm="fritz.box", nonce="A1B2C3D4E5F60718")"},
            {"Cisco CUCM",
             R"(WWW-Authenticate: Digest realm="ccmsipline", nonce="hVcX3f4jkY0r1MkQb2h8i8V1sQ2nP0cD", algorithm=MD5)"},
            {"Cisco IOS",
             R"(WWW-Authenticate: Digest realm="cme.example",nonce="2B1C9F0D00A1B2C3",algorithm=MD5,qop="auth")"},
            {"BroadWorks",
             R"(WWW-Authenticate: DIGEST qop="auth",nonce="BroadWorksXkz8f3z1tT9p2vnBW",realm="BroadWorks",algorithm=MD5)"},
            {"Metaswitch",
             R"(WWW-Authenticate: Digest realm="as.example.net",nonce="5d1f0c3a9b77",stale=false,algorithm=MD5,qop="auth")"},
            {"Sonus",
             R"(Proxy-Authenticate: Digest realm="sbc.example.net", nonce="17f3c9a2b4", opaque="", stale=FALSE, algorithm=MD5)"},
            {"Oracle SBC",
             R"(WWW-Authenticate: Digest realm="ims.example.com", domain="sip:ims.example.com", qop="auth", nonce="0a1b2c3d4e5f", opaque="ALU:QbkRBthOEgEQAkgVEwwHRAIBHgkdHwQCQ1lFRkZWDhMyIXBqLCs0Zj06ZTwhdHpgZmI_", stale=FALSE, algorithm=MD5)"},
            {"IMS",
             R"(WWW-Authenticate: Digest realm="ims.mnc001.mcc001.3gppnetwork.org",nonce="I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7M=",algorithm=AKAv1-MD5,qop="auth",ck="0123456789abcdef0123456789abcdef",ik="0123456789abcdef0123456789abcdef")"},
            {"Flexisip",
             R"(WWW-Authenticate: Digest realm="sip.example.org", nonce="aT1fZgAAAAC2h8o1AAB7YbMhP0EAAAAA", opaque="+GNywA==", algorithm=SHA-256, qop="auth")"},
            {"sofia",
             R"(WWW-Authenticate: Digest realm="test", nonce="NDA5NGRmNTA2NQ", algorithm=MD5, qop="auth", uri="sip:test")"},
            {"Yate",
             R"(WWW-Authenticate: Digest realm="Yate", domain="sip:192.0.2.7", nonce="f3e0d1c2b3a495867788.1764504000", stale=FALSE, algorithm=MD5)"},
            {"Twilio",
             R"(Proxy-Authenticate: Digest realm="sip.twilio.com",qop="auth",nonce="aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789",opaque="28a2c1f0bb4d3a4d94f9d5e2d5a7e1a0")"},
            {"3CX",
             R"(Proxy-Authenticate: Digest nonce="414d535c1f0e2d3c4b:5a6b7c8d9e0f",algorithm=MD5,realm="3CXPhoneSystem")"},
            {"AudioCodes",
             R"(WWW-Authenticate: Digest realm="audiocodes.com",nonce="MTIzNDU2Nzg5MDEyMzQ1Ng==",stale=FALSE,algorithm=MD5,qop="auth")"},
            {"reSIProcate",
             R"(Proxy-Authenticate: Digest nonce="1764504000:0f1e2d3c4b5a69788796a5b4c3d2e1f0",algorithm=MD5,realm="example.org",qop="auth,auth-int")"},
            {"Avaya",
             R"(WWW-Authenticate: Digest realm="avaya.example",domain="avaya.example",nonce="MTc2NDUwNDAwMDpTREZTZXJ2ZXJTZWNyZXRLZXk6MTIz",algorithm=MD5)"},
            {"Mitel",
             R"(WWW-Authenticate: Digest realm="mitel.example", nonce="12ab34cd56ef", opaque="", algorithm=MD5, qop="auth")"},
            {"Teams",
             R"(WWW-Authenticate: Bearer authz_server="https://login.example", error="invalid_token", scope="sip")"},
            // Credentials.
            {"Yealink",
             R"(Authorization: Digest username="1001", realm="asterisk", nonce="1764504000/0f1e", uri="sip:pbx.example:5060", response="0f1e2d3c4b5a69788796a5b4c3d2e1f0", algorithm=MD5, cnonce="0a4f113b", opaque="4f5e6d7c8b9a0112", qop=auth, nc=00000001)"},
            {"Snom",
             R"(Authorization: Digest username="1002",realm="asterisk",nonce="397d281a",uri="sip:pbx.example;user=phone",response="0f1e2d3c4b5a69788796a5b4c3d2e1f0",algorithm=MD5)"},
            {"Grandstream",
             R"(Authorization: Digest username="1003", realm="pbx.example", nonce="70a1b2c3", uri="sip:pbx.example", response="0f1e2d3c4b5a69788796a5b4c3d2e1f0", algorithm=MD5)"},
            {"Polycom",
             R"(Authorization: Digest username="1004", realm="asterisk", nonce="1764504000/0f1e", qop=auth, cnonce="oKNlxU4BvQfQFYB", nc=00000001, opaque="4f5e", uri="sip:pbx.example:5060;transport=udp", response="0f1e2d3c4b5a69788796a5b4c3d2e1f0", algorithm=MD5)"},
            {"Cisco SPA",
             R"(Authorization: Digest username="1005",realm="asterisk",nonce="397d281a",uri="sip:192.0.2.7",algorithm=MD5,response="0f1e2d3c4b5a69788796a5b4c3d2e1f0")"},
            {"Cisco CP",
             R"(Authorization: Digest username="jdoe",realm="ccmsipline",uri="sip:192.0.2.7",response="0f1e2d3c4b5a69788796a5b4c3d2e1f0",nonce="hVcX3f4jkY0r1MkQb2h8i8V1sQ2nP0cD",algorithm=MD5)"},
            {"FRITZ!Box",
             R"(Authorization: Digest username="620", realm="provider.example", nonce="aSwSQGksEWzZkXb", uri="sip:provider.example", response="0f1e2d3c4b5a69788796a5b4c3d2e1f0", algorithm=MD5)"},
            {"Gigaset",
             R"(Authorization: Digest username="1006", realm="pbx", algorithm=MD5, uri="sip:pbx.example", nonce="1f2e3d4c", response="0f1e2d3c4b5a69788796a5b4c3d2e1f0", qop=auth, nc=0000000a, cnonce="f00d")"},
            {"Linphone",
             R"(Authorization:  Digest realm="sip.example.org", nonce="aT1fZgAAAAC2h8o1", algorithm=SHA-256, opaque="+GNywA==", username="bob",  uri="sip:sip.example.org", response="0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0", cnonce="aP-gXj7p~kQmZ1Cs", nc=00000001, qop=auth)"},
            {"Zoiper",
             R"(Authorization: Digest username="1007",realm="asterisk",nonce="397d281a",uri="sip:pbx.example;transport=UDP",response="0f1e2d3c4b5a69788796a5b4c3d2e1f0",algorithm=MD5)"},
            {"MicroSIP",
             R"(Authorization: Digest username="1008", realm="asterisk", nonce="1764504000/0f1e", uri="sip:pbx.example", response="0f1e2d3c4b5a69788796a5b4c3d2e1f0", algorithm=MD5, cnonce="9d2b6f3f8c7d4e5a", opaque="4f5e", qop=auth, nc=00000002)"},
            {"IMS phone",
             R"(Authorization: Digest username="001010123456789@ims.mnc001.mcc001.3gppnetwork.org",realm="ims.mnc001.mcc001.3gppnetwork.org",uri="sip:ims.mnc001.mcc001.3gppnetwork.org",nonce="",response="")"},
            {"P-CSCF",
             R"(Authorization: Digest username="u@ims.example",realm="ims.example",uri="sip:ims.example",nonce="",response="",algorithm=AKAv1-MD5,integrity-protected="no")"},
            {"P-CSCF",
             R"(Authorization: Digest username="u@ims.example",realm="ims.example",nonce="I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7M=",algorithm=AKAv1-MD5,uri="sip:ims.example",response="a686c2dfc6ba19182840b5d10eee6ea5",nc=00000001,cnonce="0a4f113b",qop=auth,integrity-protected=ip-assoc-yes)"},
            {"baresip", R"(Authorization: Digest username="1009", realm="asterisk", nonce="1764504000/0f1e", uri="sip:pbx.example", response="0f1e2d3c4b5a69788796a5b4c3d2e1f0", opaque="4f5e", cnonce="7c1d22ab0f8be91d", qop=auth, nc=00000001)"},
            {"token", R"(Authorization: NoOneKnowsThisScheme opaque-data=here)"},
            {"Kamailio",
             R"(Authentication-Info: nextnonce="ZVx/A2VcftdQ8mSlD4b4dDPuGQ7zsKGn", qop=auth, rspauth="0f1e2d3c4b5a69788796a5b4c3d2e1f0", cnonce="0a4f113b", nc=00000001)"},
            // Contacts.
            {"pjsua", "Contact: <sip:1001@192.0.2.10:5060;ob>;expires=300;+sip.ice"},
            {"Yealink",
             R"(Contact: <sip:1001@192.0.2.10:5060>;reg-id=2;+sip.instance="<urn:uuid:00000000-0000-1000-8000-805EC0112233>")"},
            {"Cisco CUCM",
             R"(Contact: <sip:6a1f0e2d-9b1c-4d2e@192.0.2.10:51234;transport=tcp>;+sip.instance="<urn:uuid:00000000-0000-0000-0000-0022905c7a11>";+u.sip!devicename.ccm.cisco.com="SEP0022905C7A11";+u.sip!model.ccm.cisco.com="437";video)"},
            {"Snom",
             R"(Contact: <sip:1002@192.0.2.10:2048;line=k8p2vz1d>;reg-id=1;q=1.0;+sip.instance="<urn:uuid:1d0c7a2e>";audio;mobility="fixed";duplex="full";description="snom320";actor="principal";events="dialog";methods="INVITE,ACK,CANCEL,BYE,REFER,OPTIONS,NOTIFY,SUBSCRIBE,PRACK,MESSAGE,INFO")"},
            {"IMS",
             R"(Contact: <sip:001010123456789@[2001:db8::10]:5060>;+sip.instance="<urn:gsma:imei:35693803-564380-0>";+g.3gpp.icsi-ref="urn%3Aurn-7%3A3gpp-service.ims.icsi.mmtel";+g.3gpp.smsip;audio;video;q=0.7;expires=600000)"},
            {"X-Lite", "Contact: <sip:1001@192.0.2.10:5060;rinstance=1a2b3c4d5e6f7a8b>"},
            {"SIP.js", "Contact: <sip:k3v8p1rm@df7jal23ls0d.invalid;transport=ws>;expires=600"},
            {"addr-spec", "Contact: sip:1001@192.0.2.10:5060"},
            {"Asterisk",
             "Contact: <sip:1001@192.0.2.10:5060>;expires=119, "
             "<sip:1001@192.0.2.11:5062>;expires=60"},
            {"Lync",
             R"(Contact: <sip:bob@192.0.2.10:5061;transport=tls;ms-opaque=d24f>;methods="INVITE, MESSAGE";proxy=replace;+sip.instance="<urn:uuid:7B1F0A2C>")"},
            {"un-register", "Contact: *"},
            // Addresses.
            {"FRITZ!Box", "From: <sip:620@provider.example>;tag=9F1C0A7B2D3E4F50"},
            {"Cisco", R"(From: "Reception" <sip:1005@192.0.2.7>;tag=1c2c9d6b3a7ff5bo0)"},
            {"Lync", "From: <sip:bob@example.org>;tag=1a2b3c4d5e;epid=00a1b2c3d4"},
            {"plain", "To: Bob <sip:bob@example.org>"},
            {"addr-spec", "To: sip:bob@example.org"},
            {"tel", "From: <tel:+15551234;phone-context=example.org>;tag=x"},
            {"compact", "f: \"A. G. Bell\" <sip:agb@bell.example>;tag=a48s"},
            {"star code", "To: <sip:*98@pbx.example>"},
            {"utf-8", "From: \"J\xC3\xBCrgen\" <sip:620@pbx.example>;tag=1"},
            // Vias and routes.
            {"pjsip",
             "Via: SIP/2.0/UDP "
             "192.0.2.10:5060;rport;branch=z9hG4bKPj0f1e2d3c4b5a69788796a5b4c3d2e1f0"},
            {"X-Lite",
             "Via: SIP/2.0/UDP "
             "192.0.2.10:5060;branch=z9hG4bK-d8754z-1a2b3c4d5e6f7a8b-1---d8754z-;rport=5060;"
             "received=198.51.100.9"},
            {"Metaswitch",
             "Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK+0f1e2d3c4b5a6978+sip+1+a64a3c5f"},
            {"Kamailio",
             "Via: SIP/2.0/TCP 192.0.2.7;branch=z9hG4bK2d47.8c0d1f2e00000000000000000000000.0;i=1, "
             "SIP/2.0/UDP 10.0.0.1:5060;rport=5060;branch=z9hG4bK1"},
            {"IPv6",
             "Via: SIP/2.0/TLS [2001:db8::7]:5061;branch=z9hG4bK77asjd;alias;received=2001:db8::9"},
            {"WebSocket", "Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK56sdasks;keep"},
            {"spaces", "Via: SIP / 2.0 / UDP 192.0.2.10:5060 ; branch = z9hG4bK1"},
            {"Huawei",
             "Via: SIP/2.0/UDP "
             "192.0.2.10:5060;branch=z9hG4bKtfr7a2d;Role=3;Hpt=8ec8_36;X-HwB2bUaCookie=13567"},
            {"Kamailio", "Record-Route: <sip:192.0.2.7;r2=on;lr=on;ftag=as1f2e;nat=yes>"},
            {"P-CSCF", "Path: <sip:term@pcscf.ims.example:5060;lr>,<sip:bgcf@192.0.2.7;lr>"},
            {"S-CSCF", "Service-Route: <sip:orig@scscf.ims.example:5060;lr>"},
            {"loose", "Route: <sip:pcscf.ims.example;lr>, <sip:orig@scscf.ims.example;lr>"},
            // The rest.
            {"Asterisk",
             "Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, SUBSCRIBE, NOTIFY, INFO, PUBLISH, "
             "MESSAGE"},
            {"Yealink",
             "Allow: "
             "INVITE,INFO,PRACK,ACK,BYE,CANCEL,OPTIONS,NOTIFY,REGISTER,SUBSCRIBE,REFER,PUBLISH,"
             "UPDATE,MESSAGE"},
            {"empty", "Supported:"},
            {"Yealink", "Supported: path,outbound, gruu , 100rel"},
            {"Cisco", "Require: X-cisco-callinfo"},
            {"IMS", "Require: sec-agree\r\nProxy-Require: sec-agree"},
            {"Asterisk", "Server: Asterisk PBX 18.10.0~dfsg+~cs6.10.40431411-2"},
            {"Kamailio", "Server: kamailio (5.6.3 (x86_64/linux))"},
            {"FRITZ!Box", "User-Agent: AVM FRITZ!Box 7590 154.07.29 (Mar  1 2022)"},
            {"Cisco", "User-Agent: Cisco/SPA504G-7.6.2f"},
            {"CUCM", "Server: Cisco-CUCM12.5"},
            {"IOS", "Server: Cisco-SIPGateway/IOS-15.4.3.M6"},
            {"Polycom", "User-Agent: PolycomVVX-VVX_411-UA/5.9.5.0614"},
            {"Grandstream", "User-Agent: Grandstream GXP2160 1.0.9.127"},
            {"AudioCodes", "Server: Mediant 1000B-MSBG/v.7.20A.256.024"},
            {"Panasonic", "User-Agent: Panasonic_KX-HDV230/06.101 (080023a1b2c3)"},
            {"Asterisk", "Date: Mon, 30 Nov 2026 12:00:00 GMT"},
            {"retry", "Retry-After: 18000;duration=3600\r\nRetry-After: 120 (I'm in a meeting)"},
            {"Call-ID",
             "Call-ID: 1-12345@192.0.2.10\r\nCall-ID: ODQ0NTY.\r\nCall-ID: "
             "f81d4fae-7dec-11d0-a765-00a0c91e6bf6@[2001:db8::1]"},
            {"base64", "Call-ID: MzU1YmM0ZWQ5=="},
            {"type",
             "Content-Type: application/sdp\r\nContent-Type: multipart/mixed;boundary=\"a b\""},
            {"IMS",
             "Security-Client: "
             "ipsec-3gpp;alg=hmac-sha-1-96;ealg=aes-cbc;spi-c=1234;spi-s=5678;port-c=5062;port-s="
             "5064\r\n"
             "Security-Verify: "
             "ipsec-3gpp;q=0.1;alg=hmac-md5-96;spi-c=1;spi-s=2;port-c=5062;port-s=5064\r\n"
             "P-Access-Network-Info: 3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=0010100010019B01\r\n"
             "P-Visited-Network-ID: \"Visited Network\"\r\nP-Charging-Vector: "
             "icid-value=1a;icid-generated-at=192.0.2.7"},
        };
INSTANTIATE_TEST_SUITE_P(Rows, DeviceHeaderTest, testing::ValuesIn(rows));

// --- Whole exchanges. ---

class DeviceMessageTest : public testing::TestWithParam<Row> {};

TEST_P(DeviceMessageTest, HasNoError) { EXPECT_EQ(errors_of(GetParam().text), ""); }

const std::vector<Row> messages{
    {"Yealink",
     "REGISTER sip:pbx.example:5060 SIP/2.0\r\nVia: SIP/2.0/UDP "
     "192.0.2.10:5060;branch=z9hG4bK1234567890\r\n"
     "From: \"1001\" <sip:1001@pbx.example:5060>;tag=1234567890\r\nTo: \"1001\" "
     "<sip:1001@pbx.example:5060>\r\n"
     "Call-ID: 0_1234567890@192.0.2.10\r\nCSeq: 2 REGISTER\r\nContact: "
     "<sip:1001@192.0.2.10:5060>\r\n"
     "Authorization: Digest username=\"1001\", realm=\"asterisk\", nonce=\"1764504000/0f1e\", "
     "uri=\"sip:pbx.example:5060\", response=\"0f1e2d3c4b5a69788796a5b4c3d2e1f0\", algorithm=MD5, "
     "cnonce=\"0a4f113b\", opaque=\"4f5e\", qop=auth, nc=00000001\r\nAllow: INVITE, INFO, PRACK, "
     "ACK\r\n"
     "Max-Forwards: 70\r\nUser-Agent: Yealink SIP-T46S 66.84.0.15\r\nExpires: 3600\r\n"
     "Allow-Events: talk,hold,conference,refer,check-sync\r\nContent-Length: 0\r\n\r\n"},
    {"chan_sip",
     "SIP/2.0 401 Unauthorized\r\nVia: SIP/2.0/UDP "
     "192.0.2.10:5060;branch=z9hG4bK1;received=192.0.2.10;rport=5060\r\n"
     "From: <sip:1001@pbx.example>;tag=as1f2e\r\nTo: <sip:1001@pbx.example>;tag=as5d4c\r\nCall-ID: "
     "1@h\r\n"
     "CSeq: 102 REGISTER\r\nServer: Asterisk PBX 1.8.32\r\nAllow: INVITE, ACK, CANCEL, OPTIONS\r\n"
     "Supported: replaces, timer\r\nWWW-Authenticate: Digest algorithm=MD5, realm=\"asterisk\", "
     "nonce=\"1f2e3d4c\"\r\nContent-Length: 0\r\n\r\n"},
    {"IMS",
     "REGISTER sip:ims.example SIP/2.0\r\nf: <sip:u@ims.example>;tag=1\r\nt: "
     "<sip:u@ims.example>\r\n"
     "CSeq: 1 REGISTER\r\ni: 1@[2001:db8::10]\r\nv: SIP/2.0/TCP "
     "[2001:db8::10]:5060;branch=z9hG4bK1;rport\r\n"
     "Max-Forwards: 70\r\nm: <sip:[2001:db8::10]:5060>;+sip.instance=\"<urn:gsma:imei:1-2-0>\"\r\n"
     "Route: <sip:[2001:db8::1]:5060;lr>\r\nExpires: 600000\r\nRequire: sec-agree\r\nk: "
     "path,sec-agree\r\n"
     "Authorization: Digest "
     "username=\"u@ims.example\",realm=\"ims.example\",uri=\"sip:ims.example\",nonce=\"\",response="
     "\"\"\r\n"
     "l: 0\r\n\r\n"},
    {"BroadWorks",
     "SIP/2.0 200 OK\r\nVia:SIP/2.0/UDP "
     "192.0.2.10:5060;received=198.51.100.9;branch=z9hG4bK1;rport=1024\r\n"
     "From:<sip:5551234@as.example.net>;tag=1\r\nTo:<sip:5551234@as.example.net>;tag=SD1v2-"
     "3\r\nCall-ID:1@h\r\n"
     "CSeq:2 REGISTER\r\nContact:<sip:5551234@192.0.2.10:5060>;q=0.5;expires=300\r\n"
     "Allow-Events:call-info,line-seize,dialog,message-summary\r\nContent-Length:0\r\n\r\n"},
    {"removal",
     "REGISTER sip:pbx.example SIP/2.0\r\nVia: SIP/2.0/UDP "
     "192.0.2.10;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
     "From: <sip:1@pbx.example>;tag=1\r\nTo: <sip:1@pbx.example>\r\nCall-ID: 1\r\nCSeq: 3 "
     "REGISTER\r\n"
     "Contact: *\r\nExpires: 0\r\nContent-Length: 0\r\n\r\n"},
};
INSTANTIATE_TEST_SUITE_P(Messages, DeviceMessageTest, testing::ValuesIn(messages));

// --- Redaction. ---

class RedactedTest : public testing::TestWithParam<Row> {};

TEST_P(RedactedTest, IsNoError) { EXPECT_EQ(errors_of(GetParam().text), ""); }

const std::vector<Row> redacted{
    {"x",
     R"(Authorization: Digest username="xxx", realm="xxx", nonce="xxx", uri="sip:xxx", response="xxx", qop=auth, nc=xxxxxxxx, cnonce="xxx")"},
    {"stars",
     R"(Authorization: Digest username="***", realm="r", nonce="***", uri="sip:***@***", response="***")"},
    {"brackets",
     R"(Authorization: Digest username="<removed>", realm="<removed>", nonce="<removed>", uri="sip:<my domain>", response="<removed>")"},
    {"without quotes",
     R"(Authorization: Digest username=<removed>, realm="r", nonce=xxxx, uri="sip:r", response=[redacted])"},
    {"all of it", "Authorization: <removed>"},
    {"behind the scheme", "Authorization: Digest <redacted>"},
    {"elements",
     R"(Authorization: Digest username="alice", ..., response="0f1e2d3c4b5a69788796a5b4c3d2e1f0")"},
    {"at the end", R"(WWW-Authenticate: Digest realm="r", ...)"},
    {"part of it",
     R"(Authorization: Digest username="alice", realm="r", nonce="n", uri="sip:r", response="0f1e...e1f0")"},
    {"hosts",
     "Via: SIP/2.0/UDP x.x.x.x:5060;branch=z9hG4bKxxx\r\nVia: SIP/2.0/UDP "
     "xxx.xxx.xxx.xxx:xxxx;branch=z9hG4bK1\r\n"
     "Via: SIP/2.0/UDP <ip>:5060;branch=z9hG4bK1;received=<public ip>\r\nContact: <sip:1001@[my "
     "ip]:5060>"},
    {"addresses",
     "From: <sip:1001@<removed>>;tag=1\r\nTo: <removed>\r\nContact: "
     "<sip:***@10.0.0.x:5060>;expires=xxx"},
    {"ids", "Call-ID: <removed>\r\nFrom: <sip:a@b>;tag=<removed>\r\nCSeq: xxx REGISTER"},
};
INSTANTIATE_TEST_SUITE_P(Rows, RedactedTest, testing::ValuesIn(redacted));

TEST(Redacted, WhatIsWrongBesideItIsStillTold) {
  for (
      const std::string_view text :
      {R"(WWW-Authenticate: Digest realm="xxx" nonce="***")",
       R"(Authorization: Digest username="***", realm="r", nonce="<removed>", uri="sip:r", response="0f1e")",
       "From: <sip:xxx@exam$ple.com>;tag=1"}) {
    EXPECT_NE(errors_of(text), "") << text;
  }
}

TEST(Redacted, SaysHowMuchAndWhere) {
  const std::string_view text =
      R"(Authorization: Digest username="***", realm="r", nonce="n", uri="sip:r", response="***")";
  Diagnostics found;
  const auto linted = lint_pasted(text, found);
  ASSERT_TRUE(linted);
  EXPECT_EQ(linted->places, 2U);
  EXPECT_EQ(linted->first, (Span{32, 3}));
  EXPECT_EQ(linted->excused, 2U);
  EXPECT_EQ(reported(found), "");
}

}  // namespace
}  // namespace sipauth
